import { dirname } from "node:path";
import type { V1Pod, V1Secret } from "@kubernetes/client-node";
import { HarnessError, type ManifestPlace } from "../base/index.ts";
import {
  claim,
  cloning,
  dataMounts,
  existingClaim,
  externalSecret,
  inContainer,
  inValues,
  permissionWords,
  podSecurity,
  seeding,
} from "../diagnosis/index.ts";
import { isOfSecret } from "./auth-content.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import { type AuthFile, authPath, initDurations, readAuth, type Traces, type WorkState } from "./traces.ts";
import { keptOn } from "./volume.ts";

/** What must hold of a workspace; each throws a HarnessError that says what was expected, what was seen, and what to mend. */

/** Without credentials OpenCode answers 401, with the server password 200. */
export async function expectPassword(workspace: DeployedWorkspace): Promise<void> {
  const stranger = await workspace.stranger();
  const refused = await stranger.untilAnswered("/", { withPassword: false });
  const url = `https://${stranger.api.hostname}/`;
  if (refused.status !== 401) {
    throw failed(
      `${url} answers ${refused.status} without a password, not 401`,
      "set OPENCODE_SERVER_PASSWORD from the workspace's Secret: anybody on the network has a shell otherwise (security mistakes)",
      [inContainer(workspace.name, "app", "env", "OPENCODE_SERVER_PASSWORD")],
    );
  }
  const user = await workspace.user();
  const granted = await user.untilAnswered("/");
  if (granted.status !== 200) {
    throw failed(
      `${url} answers ${granted.status} with the password that the Deployment gets, not 200`,
      "let OPENCODE_SERVER_PASSWORD come from the workspace's Secret, and that from the key in Doppler (pitfall 7)",
      [
        inContainer(workspace.name, "app", "env", "OPENCODE_SERVER_PASSWORD"),
        externalSecret(workspace.name, "target", "template", "data"),
      ],
    );
  }
}

/**
 * auth.json holds the login of the workspace's Secret, belongs to OpenCode alone, and OpenCode has taken Copilot from it; or
 * from its environment, where the tree gives it so and there need be no file.
 */
export async function expectCopilotLogin(workspace: DeployedWorkspace): Promise<void> {
  const user = await workspace.user();
  if (workspace.facts.login?.how !== "environment") await expectSeeded(workspace);
  const connected = await user.connectedProviders();
  if (!connected.includes("github-copilot")) {
    throw failed(
      `OpenCode of ${workspace.name} has no GitHub Copilot login, only: ${connected.join(", ") || "none"}`,
      "OpenCode reads ~/.local/share/opencode/auth.json: mount the data directory of the volume there (pitfalls 1 and 8)",
      [dataMounts(workspace.name), seeding(workspace.name)],
    );
  }
}

async function expectSeeded(workspace: DeployedWorkspace): Promise<void> {
  const auth = await readAuthOf(workspace);
  expectPrivate(workspace, auth);
  if (!isOfSecret(auth, await secretValues(workspace))) {
    throw failed(
      `${auth.path} of ${workspace.name} is not what any Secret in namespace ${workspace.namespace} holds`,
      "seed it from the Secret that the ExternalSecret makes (pitfalls 8 and 10)",
      [seeding(workspace.name), inValues(workspace.name, "persistence", "copilot-auth")],
    );
  }
}

/** With the rights of OpenCode's user, so that a file that is not there or that it cannot read is told as such. */
async function readAuthOf(workspace: DeployedWorkspace): Promise<AuthFile> {
  const [user, pod] = await Promise.all([workspace.user(), workspace.readyPod()]);
  const path = await authPath(await user.openSession("observer"));
  try {
    return await readAuth(workspace, path);
  } catch (error) {
    const details = error instanceof HarnessError ? error.details : undefined;
    const why = details?.trim().split("\n").at(-1);
    const place = `${path} (${keptOn(workspace, pod, dirname(path))})`;
    throw new HarnessError(
      `OpenCode of ${workspace.name} cannot read its auth.json, ${place}${why ? `: ${why}` : ""}`,
      {
        code: "failed",
        remedy:
          "seed it into the directory where OpenCode looks for it, owned by OpenCode's user (pitfalls 1 and 8)",
        look: [
          ...dataHomePlaces(workspace, pod),
          { ...dataMounts(workspace.name), words: [dirname(path)] },
          seeding(workspace.name),
          ...(/denied/i.test(why ?? "") ? [podSecurity(workspace.name)] : []),
        ],
        cause: error,
        ...(details ? { details } : {}),
      },
    );
  }
}

/** The variable that leads OpenCode elsewhere than its home does, where the manifest has it. */
function dataHomePlaces(workspace: DeployedWorkspace, pod: V1Pod): ManifestPlace[] {
  const { env = [] } = workspace.appContainer(pod);
  return env.some(({ name }) => name === dataHome)
    ? [inContainer(workspace.name, "app", "env", dataHome)]
    : [];
}

const dataHome = "XDG_DATA_HOME";

/** The image's own user where the manifests name none, which for OpenCode's is root. */
const imageUser = 0;

/** With mode 600 only the owner counts; the group is that of the pod's fsGroup as a rule. */
function expectPrivate({ name, facts }: Pick<DeployedWorkspace, "name" | "facts">, auth: AuthFile): void {
  const uid = facts.uid ?? imageUser;
  if (auth.mode === "600" && auth.owner.split(":")[0] === `${uid}`) return;
  const seeding = { ...inContainer(name, "seed-auth"), words: permissionWords };
  throw failed(
    `${auth.path} of ${name} has mode ${auth.mode} and owner ${auth.owner}, not 600 and user ${uid}`,
    `chmod 600 it in the init container, which must run as OpenCode's user (runAsUser ${uid} for the whole pod, and a fsGroup; pitfall 1)`,
    auth.mode === "600" ? [podSecurity(name), seeding] : [seeding, podSecurity(name)],
  );
}

async function secretValues({ cluster, namespace }: DeployedWorkspace): Promise<Buffer[]> {
  const secrets = (await cluster.objects.all({ apiVersion: "v1", kind: "Secret", namespace })) as V1Secret[];
  return secrets
    .flatMap(({ data }) => Object.values(data ?? {}))
    .map((value) => Buffer.from(value, "base64"));
}

/** The pod keeps OpenCode's data and the code on the claims and volumes that it had. */
export function expectSameVolumes(name: string, before: Traces["volumes"], after: Traces["volumes"]): void {
  for (const part of ["data", "work"] as const) {
    const [was, is] = [before[part], after[part]];
    if (was.claimUid === is.claimUid && was.volume === is.volume) continue;
    throw failed(
      `the ${part} of ${name} was on volume ${was.volume} (claim ${was.claim}), and is on ${is.volume} (claim ${is.claim}) now: ${was.claim === is.claim ? "the claim was made anew" : "another claim"}`,
      "make the claim outside of the HelmRelease (templates/volsync) and use it by existingClaim (checklist: PVC not re-created)",
      [existingClaim(name), claim(name)],
    );
  }
}

const workParts: Record<keyof WorkState, string> = {
  directory: "the working directory",
  remote: "the remote",
  head: "the last commit",
  unpushed: "the unpushed commits",
  status: "the changed and untracked files",
  diff: "the change of a tracked file",
  digests: "the content of the files",
};

/** With which a script takes somebody's work away. */
const destroying = [
  " clean ",
  " reset ",
  " checkout ",
  " restore ",
  " stash",
  " pull",
  " switch ",
  "rm -rf ",
];

/** Session and work are as they were, byte for byte. */
export function expectSameWork(name: string, before: Traces, after: Traces): void {
  const kept = before.work.remote ? "repository" : "directory";
  for (const [part, what] of Object.entries(workParts) as [keyof WorkState, string][]) {
    const [was, is] = [before.work[part], after.work[part]];
    if (was === is) continue;
    throw new HarnessError(`${what} in the ${kept} of ${name} is not as it was left`, {
      code: "failed",
      details: `left:\n${was}\nfound:${is === "" ? " nothing" : `\n${is}`}`,
      remedy:
        "clone only where there is no .git, and never touch a clone that is there: nothing may reset, clean or check out in it (pitfall 2)",
      look: [cloning(name, ...destroying)],
    });
  }
  if (before.messages !== after.messages) {
    throw new HarnessError(`the session of ${name} is not as it was left`, {
      code: "failed",
      details: `left:\n${before.messages}\nfound:\n${after.messages}`,
      remedy: "keep OpenCode's whole data directory on the volume (pitfall 8)",
      look: [dataMounts(name)],
    });
  }
}

/** auth.json: content, owner and mode are as before. */
export function expectSameAuth(
  workspace: Pick<DeployedWorkspace, "name" | "facts">,
  before: AuthFile,
  after: AuthFile,
): void {
  const { name } = workspace;
  expectPrivate(workspace, after);
  if (before.path === after.path && before.sha256 === after.sha256) return;
  throw failed(
    `${after.path} of ${name} is not the file that it was`,
    "seed auth.json only where there is none, or where the Secret has changed (pitfalls 10 and 11)",
    [seeding(name)],
  );
}

/** Longest time of an init container that finds its work done, in milliseconds (pitfall 2's verification). */
const idleInitMs = 2_000;

/**
 * Each init container of the pod that clones, or seeds the login, took under 2 s: of what others do at each start (tools that
 * are put into place, owners that are set) nothing is promised. Kubernetes records whole seconds, so that a difference of 2 s may
 * mean anything above 1 s: only what is surely too long fails. That nothing was cloned is proved on the wire.
 */
export function expectQuickInit(
  { name, facts }: Pick<DeployedWorkspace, "name" | "facts">,
  pod: V1Pod,
): void {
  const preparing = [...facts.clones.map(({ container }) => container), facts.login?.container];
  const slow = initDurations(pod).filter(
    (one) => preparing.includes(one.name) && one.ms >= idleInitMs + 1_000,
  );
  if (slow.length === 0) return;
  throw failed(
    `init containers of ${pod.metadata?.name} took longer than ${idleInitMs / 1000} s: ${slow.map((one) => `${one.name} ${one.ms / 1000} s`).join(", ")}`,
    "an init container that finds the clone and the login in place has nothing to do (pitfall 2)",
    slow.map((one) => inContainer(name, one.name, "command")),
  );
}

function failed(message: string, remedy: string, look: ManifestPlace[]): HarnessError {
  return new HarnessError(message, { code: "failed", remedy, look });
}
