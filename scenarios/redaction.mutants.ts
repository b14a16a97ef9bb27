import type { Mutant } from "../harness/index.ts";
import { addManifest, cloneBy, type Edit, inReleases, replaceInBoth } from "./edits.ts";

const seedScript = "scripts/seed-copilot-auth.sh";

/** The same edit of one container's environment. */
function inEnvironment(
  container: string,
  edit: (env: Record<string, unknown>, workspace: string) => void,
): Edit {
  return inReleases(({ values: { controllers } }, workspace) => {
    const { initContainers = {}, containers = {} } = controllers[workspace] ?? {};
    const found = { ...initContainers, ...containers }[container];
    if (!found) return;
    found.env ??= {};
    edit(found.env, workspace);
  });
}

/** Helm takes an entry of the workspace's Secret as one of its values. */
function valueFromSecret(workspace: string, valuesKey: string, targetPath: string): object {
  return { kind: "Secret", name: `${workspace}-secret`, valuesKey, targetPath };
}

const urlWithToken = `"$(echo "$REPOSITORY_URL" | sed "s#//#//x-access-token:$(cat /secrets/github/pat)@#")"`;

const inLogs = "no log shows a secret";
const inObjects = "no object, event, stored Helm release or committed file shows one";
const inProcesses = "of all processes only OpenCode's have one, the password in their environment";
const inMounts = "mounted Secrets show each key to the one container that needs it";
const inFiles = "of all files on volumes only OpenCode's own auth.json has one";
const afterFailure = "clones that fail, refused here and with GitHub down there, show none";
const underWay = "a clone under way has the token in no command line, environment or file";
const seeding = "seed-copilot-auth.sh stores a new login and shows it to nobody";
const rotation = "a rotation, which interrupts the clones, gives OpenCode the new login and whole clones";
const afterRotation = "after the rotation no former or new secret is seen";

const gitCloneLog =
  /the log of container git-clone of pod opencode\/opencode-(flux|ha)-\S+ shows GITHUB_PAT of Secret/;

/*
 * The first ones show in a first clone only, or stay where a later search would find them (Helm keeps former releases).
 * Those over running workspaces leave nothing: their pods go with the next tree, and what these have written is made anew.
 *
 * None makes "our own results" fail: what the harness stores is its own doing. Its control is
 * harness/observe/own-places.test.ts.
 */
export const mutants: Mutant[] = [
  {
    name: "set-x",
    title: "the shell traces the init container's script, in which the token is a variable",
    pitfall: 3,
    edit: cloneBy(
      "set -x",
      "GITHUB_PAT=$(cat /secrets/github/pat)",
      "export GITHUB_PAT",
      `git -c credential.helper='!f() { echo username=x-access-token; echo "password=$GITHUB_PAT"; }; f' clone "$REPOSITORY_URL" "$repo.partial"`,
    ),
    caughtBy: { step: inLogs, message: gitCloneLog },
  },
  {
    name: "git-trace",
    title: "git traces its requests, headers unredacted (GIT_CURL_VERBOSE, GIT_TRACE_REDACT=0)",
    pitfall: 3,
    edit: inEnvironment("git-clone", (env) => {
      Object.assign(env, { GIT_CURL_VERBOSE: "1", GIT_TRACE_REDACT: "0" });
    }),
    caughtBy: { step: inLogs, message: /git-clone[\s\S]*GITHUB_PAT of Secret .*, base64/ },
  },
  {
    name: "password-as-plain-value",
    title: "Helm copies the password into the Deployment (valuesFrom with a targetPath)",
    edit: inReleases((release, workspace) => {
      const variable = "OPENCODE_SERVER_PASSWORD";
      const target = `controllers.${workspace}.containers.app.env.${variable}`;
      delete release.values.controllers[workspace]?.containers.app?.env?.[variable];
      release.valuesFrom = [valueFromSecret(workspace, variable, target)];
    }),
    caughtBy: {
      step: inObjects,
      message:
        /Deployment opencode\/opencode-(flux|ha), field spec\.template\.spec\.containers\.\d+\.env\.\d+\.value: OPENCODE_SERVER_PASSWORD/,
    },
  },
  {
    name: "secret-in-config-map",
    title: "a ConfigMap holds the token",
    edit: inReleases((release, workspace) => {
      release.values.configMaps = { git: { data: { USER_NAME: "x-access-token" } } };
      release.valuesFrom = [valueFromSecret(workspace, "GITHUB_PAT", "configMaps.git.data.GITHUB_PAT")];
    }),
    caughtBy: {
      step: inObjects,
      message: /ConfigMap opencode\/opencode-(flux|ha)\S*, field data\.GITHUB_PAT: GITHUB_PAT of Secret/,
    },
  },
  {
    name: "netrc-left-behind",
    title: "the token stays in a .netrc",
    pitfall: 3,
    edit: cloneBy(
      'echo "machine github.com login x-access-token password $(cat /secrets/github/pat)" > "$HOME/.netrc"',
      'chmod 600 "$HOME/.netrc"',
      'git clone "$REPOSITORY_URL" "$repo.partial"',
    ),
    caughtBy: {
      step: inFiles,
      message:
        /file \.netrc \(mode 600, owner 1000\) on the emptyDir home of pod opencode\/\S+ shows GITHUB_PAT/,
    },
  },
  {
    name: "token-in-git-config",
    title: "the remote's URL in .git/config has the token",
    pitfall: 3,
    edit: cloneBy(`git clone ${urlWithToken} "$repo.partial"`),
    caughtBy: {
      step: inFiles,
      message: /file workspace\/[\w-]+\/\.git\/config .*shows GITHUB_PAT of Secret/,
    },
  },
  {
    name: "login-as-argument",
    title: "the seed script hands the login to doppler as an argument",
    pitfall: 10,
    edit: (tree) =>
      tree.replaceText(
        seedScript,
        'secrets set "$key" --project "$project" --config "$config" --silent <"$file"',
        'secrets set "$key=$(cat "$file")" --project "$project" --config "$config" --silent',
      ),
    caughtBy: {
      step: seeding,
      message:
        /the command line of a process of seed-copilot-auth\.sh shows github-copilot\.(refresh|access) in COPILOT_AUTH_JSON/,
    },
  },
  {
    name: "seed-script-shows-values",
    title: "the seed script shows what doppler prints after a change",
    pitfall: 10,
    edit: (tree) => tree.replaceText(seedScript, '--silent <"$file" >/dev/null 2>&1', '<"$file"'),
    caughtBy: {
      step: seeding,
      message:
        /the output of seed-copilot-auth\.sh shows github-copilot\.(refresh|access) in COPILOT_AUTH_JSON/,
    },
  },
  {
    name: "secret-in-git",
    title: "a Secret is committed with its value",
    overRunning: true,
    edit: (tree) =>
      addManifest(
        tree,
        "opencode-ha",
        "webhook.yaml",
        `---
apiVersion: v1
kind: Secret
metadata:
  name: opencode-ha-webhook
  namespace: opencode
stringData:
  WEBHOOK_TOKEN: 9pQ2vXw7LrT4mZk8BfY6
`,
      ),
    caughtBy: { step: inObjects, message: /webhook\.yaml in Git[\s\S]*WEBHOOK_TOKEN of Secret/ },
  },
  {
    name: "every-key-in-environment",
    title: "OpenCode gets the whole Secret as its environment (envFrom)",
    pitfall: 3,
    overRunning: true,
    edit: inReleases(({ values }, workspace) => {
      const container = values.controllers[workspace]?.containers.app;
      if (!container) return;
      delete container.env?.OPENCODE_SERVER_PASSWORD;
      container.envFrom = [{ secret: `${workspace}-secret` }];
    }),
    caughtBy: {
      step: inProcesses,
      message: /process \S+ in container app of pod opencode\/\S+, variable GITHUB_PAT: GITHUB_PAT of Secret/,
    },
  },
  {
    name: "token-mounted-in-app",
    title: "the token is mounted into OpenCode's container too, so that an agent can push",
    pitfall: 3,
    overRunning: true,
    edit: inReleases(({ values }, workspace) => {
      const mounts = values.persistence["github-pat"]?.advancedMounts?.[workspace];
      if (mounts) mounts.app = [{ path: "/secrets/github", readOnly: true }];
    }),
    caughtBy: {
      step: inMounts,
      message: /file \/secrets\/github\/pat in container app of pod \S+ shows GITHUB_PAT of Secret/,
    },
  },
  {
    name: "login-world-readable",
    title: "auth.json is readable for everybody",
    pitfall: 1,
    overRunning: true,
    edit: replaceInBoth(
      "helmrelease.yaml",
      "chmod 600 auth.json auth.json.seeded",
      "chmod 644 auth.json auth.json.seeded",
    ),
    caughtBy: {
      step: inFiles,
      message: /file opencode-data\/auth\.json \(mode 644, owner 1000\) on the volume/,
    },
  },
  {
    name: "environment-on-failure",
    title: "a failed clone prints its environment, in which the token is",
    pitfall: 3,
    edit: (tree) => {
      cloneBy(
        `git -c credential.helper='!f() { echo username=x-access-token; echo "password=$GITHUB_PAT"; }; f' clone "$REPOSITORY_URL" "$repo.partial" || { env; exit 1; }`,
      )(tree);
      inEnvironment("git-clone", (env, workspace) => {
        env.GITHUB_PAT = { valueFrom: { secretKeyRef: { name: `${workspace}-secret`, key: "GITHUB_PAT" } } };
      })(tree);
    },
    caughtBy: {
      step: afterFailure,
      message: /the log of container git-clone of pod \S+(?: \(instance \d\))?, line \d+: GITHUB_PAT/,
    },
  },
  {
    name: "token-in-clone-url",
    title: "the token is in the URL that is cloned, and is taken out of the remote afterwards",
    pitfall: 3,
    overRunning: true,
    edit: cloneBy(
      `git clone ${urlWithToken} "$repo.partial"`,
      'git -C "$repo.partial" remote set-url origin "$REPOSITORY_URL"',
    ),
    caughtBy: {
      step: underWay,
      message: /the command line of process git (in container git-clone of pod|on node) [\s\S]*, as it is/,
    },
  },
  {
    name: "token-in-command-line",
    title: "git gets the token as a header on its command line",
    pitfall: 3,
    overRunning: true,
    edit: cloneBy(
      `git -c http.extraHeader="Authorization: Basic $(printf 'x-access-token:%s' "$(cat /secrets/github/pat)" | base64 | tr -d '\\n')" clone "$REPOSITORY_URL" "$repo.partial"`,
    ),
    caughtBy: {
      step: underWay,
      message: /the command line of process git (in container git-clone of pod|on node) [\s\S]*, base64/,
    },
  },
  {
    name: "login-never-renewed",
    title: "auth.json stays as it is once it is there, also when the login is a new one",
    pitfall: 11,
    overRunning: true,
    edit: replaceInBoth(
      "helmrelease.yaml",
      `if [ -f auth.json ] && [ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]; then`,
      "if [ -f auth.json ]; then",
    ),
    caughtBy: { step: rotation, message: /auth\.json of opencode-(flux|ha) is not what any Secret/ },
  },
  {
    name: "former-login-kept",
    title: "the login that is replaced is kept beside the new one",
    pitfall: 10,
    overRunning: true,
    edit: replaceInBoth(
      "helmrelease.yaml",
      "mv auth.json.new auth.json",
      "[ ! -f auth.json ] || mv auth.json auth.json.before; mv auth.json.new auth.json",
    ),
    caughtBy: {
      step: afterRotation,
      message: /file opencode-data\/auth\.json\.before .*the former github-copilot\.(refresh|access)/,
    },
  },
];
