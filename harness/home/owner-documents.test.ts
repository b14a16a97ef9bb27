import { expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { ownerDocuments } from "./owner-documents.ts";

it("finds the document for a lost node by what it says, wherever it stands", () => {
  const tree = Tree.of([
    ["README.md", "# Home\nThe node is back.\n"],
    ["docs/when-a-node-dies.md", "# Lost\n## 4. Once the node is back\n"],
    ["docs/login-expired.md", "# Expired\n"],
    ["docs/not-volume-lost.md", "# No\n"],
    ["volume-lost.md", "# Lost\n"],
    ["scripts/seed-copilot-auth.sh", "#!/bin/sh\n"],
  ]);
  expect(ownerDocuments(tree)).toEqual({
    runbook: "docs/when-a-node-dies.md",
    volumeDocument: "volume-lost.md",
    loginDocument: "docs/login-expired.md",
    seedScript: "scripts/seed-copilot-auth.sh",
  });
});

it("finds nothing where there is nothing", () => {
  expect(ownerDocuments(Tree.of([["README.md", "# Home\n"]]))).toEqual({});
});
