import { digest, fluxRevision } from "../../gitops/index.ts";
import { fluxEntryOf } from "../../home/index.ts";
import type { LedgerSources } from "./sources.ts";

/** The tree that was published last, and the one that Flux says it has applied, each as its revision. */
export async function appliedRevision(
  world: LedgerSources["world"],
  { rendered }: LedgerSources["home"],
): Promise<{ published: string; applied: string }> {
  const published = fluxRevision(await digest(await world.tree()));
  const parent = await world.cluster.objects.find({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    ...(fluxEntryOf(rendered).parents.at(-1) ?? { namespace: "flux-system", name: "cluster-apps" }),
  });
  return { published, applied: (parent?.status?.lastAppliedRevision as string | undefined) ?? "nothing" };
}
