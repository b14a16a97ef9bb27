import { fluxCredential, type RepositorySeed, type StandIns } from "../internet/index.ts";
import { harnessPlatform, standInChart } from "../platform/index.ts";
import { repositoryOf } from "../workspace/index.ts";
import { copilotLogins } from "./copilot-logins.ts";
import type { Credentials } from "./credentials.ts";

/**
 * The content of the stand-ins: repositories, secrets, and who may have them.
 *
 * @param home `owner/name` of the repository that Flux reads
 */
export async function fillInternet(
  { github, doppler, copilot }: StandIns,
  credentials: Credentials,
  home: string,
): Promise<void> {
  const { dopplerSecrets, dopplerToken, gitToken, repositories } = credentials;
  const gitOps = { tokens: { [fluxCredential]: gitToken } };
  await Promise.all([
    doppler.control
      .setTokens({ "external-secrets": dopplerToken })
      .then(() => doppler.control.replaceSecrets(dopplerSecrets)),
    copilot.control.setLogins(copilotLogins(credentials)),
    github.control.createRepository(repositoryOf(harnessPlatform.url), { ...gitOps, files: standInChart }),
    ...(repositories.some(({ repository }) => repository === home)
      ? []
      : [github.control.createRepository(home, { ...gitOps, files: pushedOver })]),
    ...repositories.map(async (one) => {
      const { repository } = one;
      // What is pushed onto the home's own would take the padding away.
      const kept = repository === home ? { secondBranch: "padding" } : {};
      await github.control.createRepository(repository, { ...seedOf(one), ...kept });
      // A second version: only then is anything missing in a clone of what is checked out alone.
      const changed = { "notes/today.md": "something\n" };
      await github.control.commit(repository, { message: "Something happened", files: changed });
    }),
  ]);
}

const pushedOver = { "README.md": "replaced by the tree under test\n" };

/** One that no token opens is there for everybody. */
function seedOf({ repository, tokens }: Credentials["repositories"][number]): RepositorySeed {
  const isPublic = Object.keys(tokens).every((name) => name === fluxCredential);
  return { tokens, isPublic, files: workspaceFiles(repository), paddingBytes: 2_000_000 };
}

/** A small repository with the file that the scenarios change; `padding.bin` makes a clone long enough to be interrupted. */
function workspaceFiles(repository: string): Record<string, string> {
  return {
    "README.md": `# ${repository}\n`,
    "configuration.yaml": "# change me\n",
    "notes/today.md": "nothing yet\n",
  };
}
