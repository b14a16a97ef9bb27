import { escapeRegExp } from "../base/index.ts";
import type { RenderedKustomization, RenderedTree } from "../rendering/index.ts";
import { isAggregate, type Needs } from "./needs.ts";
import {
  type FluxPatch,
  patchOf,
  type Replacement,
  type ReplacementRules,
  replacementsIn,
} from "./replacements.ts";

const kustomizations = { group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization" };

/** What is applied to start Flux on the home, and what became of the home's parts. */
export interface Entry {
  /** The Kustomizations that the owner has applied by hand, as they stand but for patches that reach down. */
  objects: Record<string, unknown>[];
  replaced: Replacement[];
  /** Kustomizations that no workspace needs, as `namespace/name`: they are there, suspended. */
  leftOut: string[];
}

/**
 * The entry of the home, with patches that suspend what no workspace needs and put stand-ins for what cannot run here. The
 * published tree itself stays as it is: a Kustomization passes its patches on to its children.
 */
export function entryFor(rendered: RenderedTree, needs: Needs, rules: ReplacementRules): Entry {
  const replaced: Replacement[] = [];
  const leftOut: string[] = [];
  const [ofWorkspaces, ofHome] = [new Set(needs.ofWorkspaces), new Set(needs.ofHome)];

  /** Operations on the object of a child, for its parent to carry. */
  const operationsOn = (child: RenderedKustomization): object[] => {
    if (ofWorkspaces.has(child)) return [];
    if (!ofHome.has(child) && !isAggregate(child)) {
      leftOut.push(`${child.namespace}/${child.name}`);
      return [{ op: "add", path: "/spec/suspend", value: true }];
    }
    const patches = patchesOf(child);
    const checks = ofHome.has(child) ? withoutChecks(child) : [];
    if (patches.length === 0) return checks;
    const existing = (child.object.spec as { patches?: unknown[] }).patches;
    if (existing === undefined) return [...checks, { op: "add", path: "/spec/patches", value: patches }];
    return [...checks, ...patches.map((value) => ({ op: "add", path: "/spec/patches/-", value }))];
  };

  /** What a Kustomization must do to its objects: replace what cannot run, and reach its children. */
  const patchesOf = (one: RenderedKustomization): FluxPatch[] => {
    const own = replacementsIn(one, rules);
    replaced.push(...own.replaced);
    const children = rendered.kustomizations.filter(
      ({ appliedBy }) => appliedBy?.name === one.name && appliedBy.namespace === one.namespace,
    );
    const changed = children.map((child) => ({ child, operations: operationsOn(child) }));
    const suspended = changed.filter(({ operations }) => isSuspension(operations));
    const others = changed.filter(({ operations }) => operations.length > 0 && !isSuspension(operations));
    const byNamespace = Map.groupBy(suspended, ({ child }) => child.namespace);
    return [
      ...own.patches,
      ...[...byNamespace].map(([namespace, found]) =>
        patchOf(found[0]?.operations ?? [], {
          ...kustomizations,
          namespace,
          name: `^(${found.map(({ child }) => escapeRegExp(child.name)).join("|")})$`,
        }),
      ),
      ...others.map(({ child, operations }) =>
        patchOf(operations, {
          ...kustomizations,
          namespace: child.namespace,
          name: `^${escapeRegExp(child.name)}$`,
        }),
      ),
    ];
  };

  const roots = rendered.kustomizations.filter(({ appliedBy }) => appliedBy === undefined);
  const objects = roots.map((root) => {
    const spec = root.object.spec as Record<string, unknown> & { patches?: unknown[] };
    const patches = [...(spec.patches ?? []), ...patchesOf(root)];
    return { ...root.object, spec: { ...spec, ...(patches.length > 0 ? { patches } : {}) } };
  });
  return { objects, replaced, leftOut };
}

function isSuspension(operations: readonly object[]): boolean {
  return operations.some((one) => "path" in one && one.path === "/spec/suspend");
}

/**
 * Health checks name what is replaced, and that the stand-ins are Ready is known by `wait`. The platform behind them is up
 * whatever the order, so that none need wait for another.
 */
function withoutChecks({ object }: RenderedKustomization): object[] {
  const spec = (object.spec ?? {}) as Record<string, unknown>;
  return ["dependsOn", "healthChecks", "healthCheckExprs"].flatMap((field) =>
    spec[field] === undefined ? [] : [{ op: "remove", path: `/spec/${field}` }],
  );
}
