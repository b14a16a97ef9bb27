import type { Tree } from "../gitops/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

/** The heading that parts what is done while a node is off from what is done afterwards; by it a document for that is known. */
export const backHeading = /^#+ .*node is back/im;

/** Stores a login in Doppler; its name is that of manifests/, where owners copy it from. */
const seedScript = /(^|\/)seed-copilot-auth\.sh$/;

/** What the tree has for its owner's own hands. */
export function ownerDocuments(tree: Tree): Pick<WorkspaceFacts, "runbook" | "seedScript"> {
  const paths = [...tree.files.keys()].sort();
  const runbook = paths.find((path) => path.endsWith(".md") && backHeading.test(tree.text(path)));
  const script = paths.find((path) => seedScript.test(path));
  return { ...(runbook ? { runbook } : {}), ...(script ? { seedScript: script } : {}) };
}
