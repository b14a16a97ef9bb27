import { expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { filesWithHostKeys, gitHubHostKeys, withHostKeys } from "./host-keys.ts";

const line = (kind: string) => `github.com ${kind} ${gitHubHostKeys[kind]}\n`;

it("puts the stand-in's key in the place of each that github.com publishes, and leaves others", () => {
  const other =
    "gitlab.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf\n";
  const tree = Tree.of([
    ["known_hosts", line("ssh-ed25519") + other + line("ssh-rsa")],
    ["README.md", "no key\n"],
  ]);
  const mine = { "ssh-ed25519": "mine-1", "ssh-rsa": "mine-2", "ecdsa-sha2-nistp256": "mine-3" };
  expect(filesWithHostKeys(tree)).toEqual(["known_hosts"]);
  const changed = withHostKeys(tree, mine);
  expect(changed.text("known_hosts")).toBe(
    `github.com ssh-ed25519 mine-1\n${other}github.com ssh-rsa mine-2\n`,
  );
  expect(changed.files.get("README.md")).toBe(tree.files.get("README.md"));
});
