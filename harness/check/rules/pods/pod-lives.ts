import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Pods of a lost node go by these two taints; who tolerates them without an end stays there. */
function neverLeaves({ facts, workload: { pod }, at }: InspectedWorkspace): Fault[] {
  const stays = pod.tolerations?.some(
    ({ key: taint, operator, effect, tolerationSeconds }) =>
      tolerationSeconds === undefined &&
      (effect === undefined || effect === "NoExecute") &&
      (taint === undefined
        ? operator === "Exists"
        : /^node\.kubernetes\.io\/(unreachable|not-ready)$/.test(taint)),
  );
  if (!stays) return [];
  return [
    {
      message: `${facts.name} tolerates that its node is lost, without an end: nothing moves it to another one`,
      remedy: "take the toleration away, or give it tolerationSeconds",
      ...at(key("tolerations")),
    },
  ];
}

/** Kubernetes itself gives a pod five minutes there; the document for a lost node waits no longer for a workspace. */
const patience = 600;

function leavesLate({ facts, workload: { pod }, at }: InspectedWorkspace): Fault[] {
  const late = pod.tolerations?.find(
    ({ key: taint = "", effect, tolerationSeconds }) =>
      (tolerationSeconds ?? 0) > patience &&
      (effect === undefined || effect === "NoExecute") &&
      /^(node\.kubernetes\.io\/(unreachable|not-ready))?$/.test(taint),
  );
  if (!late) return [];
  return [
    {
      message: `${facts.name} stays ${late.tolerationSeconds} s on a node that is lost, before another one may have it`,
      remedy: "leave the toleration out: Kubernetes' own is 300 s",
      severity: "warning",
      ...at(key("tolerations"), /tolerationSeconds/),
    },
  ];
}

/** What runs before the signal is within the grace period; what is left of it is OpenCode's. */
function longGoodbye({ facts, workload: { pod }, app, at }: InspectedWorkspace): Fault[] {
  const { terminationGracePeriodSeconds: grace = 30 } = pod;
  const { exec, sleep } = (app.lifecycle?.preStop ?? {}) as {
    exec?: { command?: string[] };
    sleep?: { seconds?: number };
  };
  const [, unit = ""] = /\bsleep\s+(\d+[smh]?)\b/.exec(exec?.command?.join(" ") ?? "") ?? [];
  const slept =
    sleep?.seconds ??
    Number.parseInt(unit || "0", 10) * (unit.endsWith("m") ? 60 : unit.endsWith("h") ? 3600 : 1);
  if (slept < grace) return [];
  return [
    {
      message: `preStop of ${facts.name} takes ${slept} s, and the pod has ${grace} s to end: OpenCode is killed without having heard the signal`,
      remedy: "leave preStop out: OpenCode ends at once",
      severity: "warning",
      ...at(key(app.name), "preStop"),
    },
  ];
}

function noPods({ facts, workload, at }: InspectedWorkspace): Fault[] {
  if (workload.spec.replicas !== 0) return [];
  return [
    {
      message: `${facts.name} has replicas: 0, so that nothing of it runs`,
      remedy: "let replicas be 1",
      ...at(key("replicas")),
    },
  ];
}

/** OpenCode 1.18 ends within a second of its signal, and detaching its volume takes some seconds more (manifests/README.md). */
const shortest = 5;
/** A drain waits so long for a pod that does not end by itself. */
const longest = 300;

function grace({ facts, workload: { pod }, at }: InspectedWorkspace): Fault[] {
  const { terminationGracePeriodSeconds: seconds = 30 } = pod;
  const place = at("terminationGracePeriodSeconds");
  if (seconds === 0) {
    return [
      {
        message: `${facts.name} has no grace period: its pod is gone before its volume is let go`,
        remedy: "leave terminationGracePeriodSeconds at 30",
        ...place,
      },
    ];
  }
  if (seconds < shortest) {
    return [
      {
        message: `${facts.name} has ${seconds} s to end: what is in the middle of a write to SQLite or git is killed`,
        remedy: "leave terminationGracePeriodSeconds at 30",
        severity: "warning",
        ...place,
      },
    ];
  }
  if (seconds <= longest) return [];
  // As PID 1 OpenCode ignores the signal, for it handles none.
  const ignores = pod.shareProcessNamespace !== true;
  return [
    {
      message: `${facts.name} has ${seconds} s to end${ignores ? ", and OpenCode as PID 1 ignores the signal: every restart and drain takes all of it" : ": a drain waits so long for a pod that hangs"}`,
      remedy: "leave terminationGracePeriodSeconds at 30",
      ...(ignores ? {} : { severity: "warning" as const }),
      ...place,
    },
  ];
}

/** As PID 1 OpenCode ignores SIGTERM, for it handles none (manifests/README.md). */
function slowEnd({ facts, workload: { pod }, app, containers, at }: InspectedWorkspace): Fault[] {
  const { terminationGracePeriodSeconds: seconds = 30, shareProcessNamespace } = pod;
  const text = containers.find(({ container }) => container === app)?.program.text ?? "";
  const isReaped = /\b(tini|dumb-init|catatonit|s6-svscan)\b/.test(text) || /\btrap\b/.test(text);
  if (shareProcessNamespace === true || isReaped || app.lifecycle?.preStop || seconds <= 10) return [];
  return [
    {
      message: `${facts.name} runs OpenCode as PID 1, which ignores the signal to end: each restart and drain takes the whole ${seconds} s`,
      remedy: "write shareProcessNamespace: true",
      severity: "warning",
      ...at(/shareProcessNamespace/),
    },
  ];
}

/** Whether pods come, and go in time. */
export const podLifeRules = [
  rule({
    id: "stays-on-lost-node",
    title: "pods leave a lost node",
    pitfalls: [6],
    find: (inspected) => [neverLeaves, leavesLate].flatMap((find) => eachWorkspace(find)(inspected)),
  }),
  rule({
    id: "no-grace-period",
    title: "a pod has time to let go of its volume, and a drain has an end",
    pitfalls: [6],
    find: (inspected) => [grace, longGoodbye].flatMap((find) => eachWorkspace(find)(inspected)),
  }),
  rule({ id: "slow-end", title: "OpenCode hears the signal to end", find: eachWorkspace(slowEnd) }),
  rule({ id: "no-pods", title: "each workspace runs", isBlocker: true, find: eachWorkspace(noPods) }),
];
