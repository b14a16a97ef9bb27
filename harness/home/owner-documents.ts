import type { Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

/** The heading that parts what is done while a node is off from what is done afterwards; by it a document for that is known. */
export const backHeading = /^#+ .*node is back/im;

/** Documents that are known by their names, which are those of manifests/, where owners copy them from. */
const named = {
  volumeDocument: /(^|\/)volume-lost\.md$/,
  loginDocument: /(^|\/)login-expired\.md$/,
};

/** Stores a login in Doppler; its name is that of manifests/, where owners copy it from. */
const seedScript = /(^|\/)seed-copilot-auth\.sh$/;

type OwnerDocuments = Pick<WorkspaceFacts, "runbook" | keyof typeof named | "seedScript">;

/** What the tree has for its owner's own hands. */
export function ownerDocuments(tree: Tree): OwnerDocuments {
  const paths = [...tree.files.keys()].sort();
  const runbook = paths.find((path) => path.endsWith(".md") && backHeading.test(tree.text(path)));
  const found = Object.entries({ ...named, seedScript }).flatMap(([fact, name]) => {
    const path = paths.find((one) => name.test(one));
    return path === undefined ? [] : [[fact, path]];
  });
  return { ...(runbook ? { runbook } : {}), ...Object.fromEntries(found) };
}
