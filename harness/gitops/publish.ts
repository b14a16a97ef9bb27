import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError } from "execa";
import { HarnessError, redact } from "../base/index.ts";
import { commitTree } from "./commit.ts";
import { git, isolated } from "./git.ts";
import type { Tree } from "./tree.ts";

/** A repository on github.com's stand-in, as it is reached from this machine. */
export interface GitRemote {
  /** For instance https://127.0.0.1:41234/owner/name.git; without credentials. */
  url: string;
  token: string;
  /** PEM of the CA that the server's certificate is from. */
  caPem: string;
}

/** What Flux calls the tree: `main@sha1:<commit>`, as in `status.lastAppliedRevision`. */
export function fluxRevision(commit: string): string {
  return `main@sha1:${commit}`;
}

/**
 * Makes the tree the whole content of the remote's branch main, by a real push over TLS. Returns the revision as
 * Flux reports it. The token reaches git through its environment, never through an argument or a URL.
 *
 * @throws HarnessError `environment` with what git said.
 */
export async function publish(tree: Tree, { url, token, caPem }: GitRemote): Promise<string> {
  await using committed = await commitTree(tree);
  const caFile = join(committed.directory, "harness-ca.crt");
  await writeFile(caFile, caPem);
  try {
    await git(["push", "--quiet", "--force", url, "main:main"], {
      cwd: committed.directory,
      env: {
        ...isolated(),
        ...configuration({ "http.sslCAInfo": caFile, "http.proxy": "" }),
        HARNESS_TOKEN: token,
      },
    });
  } catch (error) {
    const details = redact(error instanceof ExecaError ? String(error.stderr) : String(error)).replaceAll(
      token,
      "[token]",
    );
    throw new HarnessError(`the tree cannot be pushed to ${url}`, { code: "environment", details });
  }
  return fluxRevision(committed.commit);
}

const helper =
  '!f() { test "$1" = get && echo username=x-access-token && echo "password=$HARNESS_TOKEN"; }; f';

function configuration(settings: Record<string, string>): NodeJS.ProcessEnv {
  const entries = Object.entries({ ...settings, "credential.helper": helper });
  const variables = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(entries.length), ...Object.fromEntries(variables) };
}
