import { posix } from "node:path";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key, placeIn } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Manifests beside a kustomization.yaml that no kustomization names: they stand in Git, and nowhere else. */
function forgottenFiles({ home: { tree, rendered }, isOurs, all }: Inspected): Fault[] {
  // Templates that a workspace's Kustomization takes in have lists of their own.
  const taken = new Set(
    all.flatMap(({ file, owner }) => (file && isOurs(owner) ? [posix.dirname(file)] : [])),
  );
  const lists = [...tree.files.keys()].filter((path) => /\/kustomization\.ya?ml$/.test(path));
  return lists.flatMap((list) => {
    const directory = list.slice(0, list.lastIndexOf("/"));
    const owner = rendered.kustomizations.find(({ path }) => path === directory);
    const isRead = owner ? owner.problem === undefined && isOurs(owner) : taken.has(directory);
    if (!isRead) return [];
    const text = tree.text(list);
    const beside = [...tree.files.keys()].filter((path) => {
      const name = path.slice(directory.length + 1);
      return path.startsWith(`${directory}/`) && /^[^/]+\.ya?ml$/.test(name) && path !== list;
    });
    return beside
      .filter((path) => !text.includes(path.slice(directory.length + 1)) && runs.test(tree.text(path)))
      .map((path) => ({
        message: `${path.slice(directory.length + 1)} stands beside kustomization.yaml, which does not list it: Flux never applies it`,
        remedy: "list it in resources, or remove it",
        // A workspace that is not there is missed by nobody else; what it needs has findings of its own.
        ...(makesPods.test(tree.text(path)) ? {} : { severity: "warning" as const }),
        ...placeIn(tree, list, [key("resources")]),
      }));
  });
}

const makesPods = /^kind: (HelmRelease|Deployment|StatefulSet)\b/m;
const runs =
  /^kind: (HelmRelease|Deployment|StatefulSet|ExternalSecret|HTTPRoute|\w*Policy|Certificate|ReplicationSource|ReplicationDestination|PersistentVolumeClaim)\b/m;

/** What kustomizations list. */
export const listRules = [
  rule({ id: "file-not-listed", title: "every manifest is listed", find: forgottenFiles }),
];
