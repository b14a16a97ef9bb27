import type { Home } from "../home/index.ts";
import { changedObjects } from "../rendering/index.ts";
import type { TreeChange } from "./started-world.ts";
import { whyFromNothing } from "./tree-fit.ts";

type SeenHome = Pick<Home, "tree" | "rendered">;

/**
 * What is otherwise in the second home, and what a world that has the first must undergo.
 * @param others parts of its foundation that would have to be otherwise
 */
export function changeOf(before: SeenHome, after: SeenHome, others: readonly string[]): TreeChange {
  const files = changedFiles(before.tree, after.tree);
  const changes = changedObjects(before.rendered, after.rendered);
  const told = {
    files,
    isToldByFlux: !changes.some(({ kind }) => kind === "Kustomization"),
    isAppliedAlike: others.length === 0 && changes.length === 0 && files.every(isManifest),
  };
  if (others.length > 0) return { ...told, needs: "a new world", why: `${others.join(" and ")} changed` };
  const why = whyFromNothing(changes, after.rendered);
  return why === undefined ? { ...told, needs: "publishing" } : { ...told, needs: "putting back", why };
}

/** What else there is, documents and scripts, is carried out by scenarios and applied by nobody. */
const isManifest = (path: string) => /\.ya?ml$/.test(path);

function changedFiles(before: Home["tree"], after: Home["tree"]): string[] {
  const paths = new Set([...before.files.keys(), ...after.files.keys()]);
  return [...paths]
    .filter((path) => {
      const [one, other] = [before.files.get(path), after.files.get(path)];
      return one?.mode !== other?.mode || !one?.content.equals(other?.content ?? Buffer.alloc(0));
    })
    .sort();
}
