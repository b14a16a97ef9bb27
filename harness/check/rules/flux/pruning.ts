import type { OwnedObject } from "../../../home/index.ts";
import { isFluxKustomization } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { claimsOf } from "../../reading/claims.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** The Flux Kustomizations that make workspaces. */
function makers({ of, workspaces }: Inspected): OwnedObject[] {
  return of("Kustomization").filter(
    ({ object }) =>
      isFluxKustomization(object) &&
      workspaces.some(
        ({ facts: { kustomization } }) =>
          kustomization.name === object.metadata.name &&
          kustomization.namespace === object.metadata.namespace,
      ),
  );
}

/** What leaves Git stays, and goes on: a workspace, its route, its Secrets. Claims and namespaces have guards of their own. */
function notPruned(inspected: Inspected): Fault[] {
  return makers(inspected)
    .filter(({ object }) => (object.spec as { prune?: boolean } | undefined)?.prune === false)
    .map((one) => ({
      message: `Kustomization ${one.object.metadata.name} prunes nothing: what is removed from Git or renamed goes on in the cluster, with its route and its Secrets`,
      remedy: "write prune: true, and guard what must stay (kustomize.toolkit.fluxcd.io/prune: disabled)",
      severity: "warning" as const,
      ...inspected.placeOf(one, key("prune")),
    }));
}

/** A change of what cannot be changed, of a claim's class for instance, makes Flux delete the object and make it anew. */
function forced(inspected: Inspected): Fault[] {
  return makers(inspected).flatMap((one) => {
    const { name, namespace } = one.object.metadata;
    const [claim] = inspected.workspaces
      .flatMap((workspace) => claimsOf(inspected, workspace))
      .filter(({ by, owner }) => !by.release && owner.name === name && owner.namespace === namespace);
    if ((one.object.spec as { force?: boolean } | undefined)?.force !== true || !claim) return [];
    return {
      message: `Kustomization ${name} replaces by force what it may not change: a new class or mode of claim ${claim.object.metadata.name} deletes its volume`,
      remedy: "leave force out, or give it to single objects (kustomize.toolkit.fluxcd.io/force: enabled)",
      severity: "warning" as const,
      ...inspected.placeOf(one, key("force")),
    };
  });
}

/** The same, said of a single object. */
function forcedAlone(inspected: Inspected): Fault[] {
  return inspected.workspaces
    .flatMap((workspace) => claimsOf(inspected, workspace))
    .filter(
      ({ by, object: { metadata } }) =>
        !by.release &&
        [metadata.annotations, metadata.labels].some((marks) =>
          /^enabled$/i.test(String(marks?.["kustomize.toolkit.fluxcd.io/force"] ?? "")),
        ),
    )
    .map((claim) => {
      const mark = "kustomize.toolkit.fluxcd.io/force";
      const place = inspected.placeOf(claim, key("metadata"), mark);
      const { tree } = inspected.home;
      const list = `${claim.owner.path}/kustomization.yaml`;
      const isPatched = !tree.text(place.file ?? "").includes(mark) && tree.files.has(list);
      const line = isPatched
        ? tree
            .text(list)
            .split("\n")
            .findIndex((one) => one.includes(mark)) + 1
        : 0;
      return {
        message: `Flux replaces claim ${claim.object.metadata.name} by force where it may not change it: a new class or mode deletes its volume`,
        remedy: "take the annotation away from what holds work",
        severity: "warning" as const,
        ...(line > 0 ? { file: list, line } : place),
      };
    });
}

/** What Flux removes and replaces. */
export const pruningRules = [
  rule({ id: "not-pruned", title: "what leaves Git leaves the cluster", find: notPruned }),
  rule({
    id: "forced",
    title: "Flux replaces no claim by force",
    pitfalls: [6],
    find: (inspected) => [...forced(inspected), ...forcedAlone(inspected)],
  }),
];
