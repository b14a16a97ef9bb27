import type { V1Pod } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import { containerStatuses } from "../cluster/index.ts";
import { cloning } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import type { Clone } from "./clone.ts";

/** What is a reason by itself, in git's words, ssh's, or a script's own. */
const reasons =
  /\bfatal: |\b(denied|refused|unauthori[sz]ed|forbidden|unreachable|unavailable|not found|revoked|expired|rejected|time(d )?out)\b|could not resolve/i;
/** That something went wrong, and with what: one alone tells nobody what to do. */
const failure = /\bfail|\berror|\bcannot\b|\bcould ?n[o']t\b|\bunable\b|\binvalid\b|\bbad\b|\bno\b|\bnot\b/i;
const matter =
  /authenti|authori[sz]|credential|\btoken\b|\bPAT\b|password|\bkey\b|permission|\baccess\b|\blog ?in\b|network|connect|resolv|\breach|\banswer|\bHTTP\b|\b[45]\d\d\b/i;

/** Whether a log or a last message tells its reader why a clone has failed, whoever has put it into words. */
export function tellsWhy(text: string): boolean {
  return text
    .split("\n")
    .some((line) => reasons.test(line) || (failure.test(line) && matter.test(line.replace(failure, ""))));
}

/** What the containers that clone have said, as their owner reads it: logs, and the last messages in the pod's state. */
async function saidByClones({ facts, cluster, namespace }: DeployedWorkspace, pod: V1Pod): Promise<string> {
  const names = new Set(facts.clones.map(({ container }) => container));
  const statuses = containerStatuses(pod).filter(({ name }) => names.has(name));
  const logs = statuses.flatMap(({ name }) => {
    const target = { namespace, pod: pod.metadata?.name ?? "", container: name };
    return [cluster.log(target), cluster.log(target, { previous: true })];
  });
  const last = statuses.flatMap(({ state, lastState }) =>
    [state, lastState].map((one) => one?.terminated?.message),
  );
  return [...(await Promise.all(logs)), ...last].filter(Boolean).join("\n");
}

/** The failed clone says why, in git's words or its script's own: to be silent is no way to keep a secret. */
export async function expectToldWhy({ workspace }: Clone): Promise<void> {
  const pods = await workspace.pods();
  const said = await Promise.all(pods.map((pod) => saidByClones(workspace, pod)));
  if (said.some(tellsWhy)) return;
  throw new HarnessError(`the log of the failed clone of ${workspace.name} does not say why it failed`, {
    code: "failed",
    details: said.join("\n") || "its containers have said nothing",
    remedy:
      "let git's messages on standard error go to the log, they name no token (manifests/README.md), or say there what was wrong",
    look: [cloning(workspace.name)],
  });
}
