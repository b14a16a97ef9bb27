import { expandResourceSet } from "./expand-resource-set.ts";
import type { RenderedObject, RenderProblem } from "./rendered-tree.ts";
import { isResourceSet, readResourceSet } from "./resource-set.ts";

interface Expanded {
  objects: RenderedObject[];
  problems: RenderProblem[];
}

/** What flux-operator makes of the ResourceSets among these objects; their Static input providers stand beside them. */
export async function objectsOfResourceSets(
  beside: readonly RenderedObject[],
  signal?: AbortSignal,
): Promise<Expanded> {
  const sets = beside.filter(({ object }) => isResourceSet(object));
  const all = await Promise.all(sets.map((set) => expanded(set, beside, signal)));
  return {
    objects: all.flatMap(({ objects }) => objects),
    problems: all.flatMap(({ problems }) => problems),
  };
}

async function expanded(
  { object, file }: RenderedObject,
  beside: readonly RenderedObject[],
  signal?: AbortSignal,
): Promise<Expanded> {
  const where = file === undefined ? {} : { file };
  const problem = (kind: RenderProblem["kind"], why: string): Expanded => {
    const message = `ResourceSet ${object.metadata.name}: ${why}`;
    return { objects: [], problems: [{ kind, message, ...where }] };
  };
  const set = readResourceSet(
    object,
    beside.map((one) => one.object),
  );
  if ("unseen" in set)
    return problem("remote", `${set.unseen}, so that what flux-operator makes of it is not seen`);
  const { namespace, name } = set;
  try {
    const made = await expandResourceSet(set, signal);
    return {
      objects: made.map((one) => ({ object: one, by: { resourceSet: { namespace, name } }, ...where })),
      problems: [],
    };
  } catch (error) {
    signal?.throwIfAborted();
    return problem("operator", `flux-operator cannot build it: ${(error as Error).message}`);
  }
}
