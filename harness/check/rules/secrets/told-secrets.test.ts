import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../../../base/index.ts";
import { checkTree } from "../../check-tree.ts";
import { app, lostNode } from "../test-check.ts";

/** manifests/ on disk, with other texts: what is not rendered is in no tree. */
async function found(texts: Record<string, (before: string) => string>) {
  const manifests = await mkdtemp(join(tmpdir(), "told-secrets-"));
  try {
    await cp(join(checkoutDir, "manifests"), manifests, { recursive: true });
    for (const [file, edit] of Object.entries(texts)) {
      const path = join(manifests, file);
      await writeFile(path, edit(await readFile(path, "utf8").catch(() => "")));
    }
    const { findings } = await checkTree({ manifests });
    return findings.map(({ id, severity, file, line }) => `${severity} ${id} ${file}:${line}`);
  } finally {
    await rm(manifests, { recursive: true });
  }
}

const first = (line: string) => (before: string) => `${line}\n${before}`;

/** Put together here, so that this file has no shape of a token. */
const gitHub = `gh${"p"}_Zq3mT8vXc2RkWn5yLb7PdHs4JfGa1EuNo6Mi`;

const doppler = `dp.${"st"}.prd.Zq3mT8vXc2RkWn5yLb7PdHs4JfGa1EuNo6MiAbCd`;

it("finds tokens in whatever text Git has", async () => {
  expect(
    await found({
      "README.md": first(`The token is ${gitHub}`),
      "notes.txt": first(`DOPPLER_TOKEN=${doppler}`),
      "scripts/seed-copilot-auth.sh": (before) => before.replace("set -eu\n", `set -eu\n# ${doppler}\n`),
    }),
  ).toEqual([
    "error known-token notes.txt:1",
    "error known-token README.md:1",
    "error known-token scripts/seed-copilot-auth.sh:5",
  ]);
});

it("finds values beside the names of the workspaces' secrets", async () => {
  expect(
    await found({
      "README.md": first("The password of the web UI is `Vq7-kZp2-mXw9-tRb4`."),
      [lostNode]: first("Log in with OPENCODE_HA_SERVER_PASSWORD=kestrel-42-orchard."),
      [`${app}/externalsecret.yaml`]: first("# OPENCODE_HA_SERVER_PASSWORD: kestrel-42-orchard"),
    }),
  ).toEqual([
    `error secret-told ${lostNode}:1`,
    `error secret-told ${app}/externalsecret.yaml:1`,
    "warning secret-told README.md:1",
  ]);
});

it("says nothing of names, places and examples", async () => {
  expect(
    await found({
      "README.md": (before) => `${before}
doppler secrets set OPENCODE_HA_SERVER_PASSWORD="$(openssl rand -hex 32)"
OPENCODE_HA_SERVER_PASSWORD=your-password-123, OPENCODE_HA_GITHUB_PAT=<token>, OPENCODE_HA_GITHUB_PAT: github_pat_xxxx
The token is \`OPENCODE_HA_GITHUB_PAT\`, its file \`/secrets/github/pat\`; a token of Doppler: dp.st.prd.${"x".repeat(43)}
The password is \`opencode\` nowhere; the token is named \`opencode-ha-secret-1\`.
`,
    }),
  ).toEqual([]);
});
