import type { Tree } from "../../gitops/index.ts";
import type { Edit } from "./test-check.ts";

type Container = "git-clone" | "seed-auth" | "terminal-library";
interface Values {
  values: { controllers: Record<string, { initContainers: Record<Container, { command: string[] }> }> };
}

/** An init container of a workspace with another script. */
export const script =
  (container: Container, text: string, name = "opencode-ha"): Edit =>
  (tree: Tree) =>
    tree.editObject({ kind: "HelmRelease", name }, (release) => {
      const { values } = release.spec as Values;
      const one = values.controllers[name]?.initContainers[container];
      if (one) one.command = ["/bin/sh", "-c", text];
    });

/** The directories of a first start. */
export const made =
  'set -eu\nmkdir -p /data/workspace /data/opencode-data /data/opencode-config "$HOME/.local/share/opencode" "$HOME/.config"\n';
/** The token from its file, as git asks for it. */
export const helper =
  "-c credential.helper='!f() { echo username=x-access-token; echo \"password=$(cat /secrets/github/pat)\"; }; f'";
export const place = "d=/data/workspace/home-assistant-config\n";
/** What is cloned already stays. */
export const asked = `${place}if [ -d "$d/.git" ]; then exit 0; fi\n`;
/** A clone beside its place, moved there when it is whole. */
export const cloned = (clone: string) => `[ ! -e "$d" ] || mv "$d" "$d.$(date +%s)"
rm -rf "$d.partial"
${clone}
sync
mv "$d.partial" "$d"
`;
export const usual = cloned(`git ${helper} clone "$REPOSITORY_URL" "$d.partial"`);
