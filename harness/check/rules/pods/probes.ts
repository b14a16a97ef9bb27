import type { V1Probe } from "@kubernetes/client-node";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { knownPorts } from "../../reading/listening.ts";
import { key } from "../../reading/place.ts";
import { allowedSeconds, asks, probesOf, toField } from "../../reading/probes.ts";
import { coresOf } from "../../reading/quantities.ts";
import { rule } from "../../rule.ts";

const portOf = (probe: V1Probe | undefined) =>
  (probe?.httpGet ?? probe?.tcpSocket)?.port as number | string | undefined;

function probePorts(workspace: InspectedWorkspace): Fault[] {
  const { facts, app, at } = workspace;
  const known = knownPorts(workspace);
  return probesOf(workspace).flatMap(([name, probe]) => {
    const port = portOf(probe);
    const named = app.ports?.find((one) => one.name === port)?.containerPort;
    const number = typeof port === "number" ? port : named;
    const place = at(key("probes"), key(name), key("port"));
    if (typeof port === "string" && named === undefined) {
      const isNumber = /^\d+$/.test(port);
      return {
        message: `the ${name} probe of ${facts.name} asks port "${port}", ${isNumber ? "which in quotes is a port's name" : "and the container has no port of that name"}`,
        remedy: `let port be ${facts.port}`,
        ...place,
      };
    }
    if (number === undefined || known.length === 0 || known.includes(number)) return [];
    if (facts.sidecars.length > 0) return [];
    return {
      message: `the ${name} probe of ${facts.name} asks port ${number}, and OpenCode listens on ${facts.port}: the pod is never Ready`,
      remedy: `let port be ${facts.port}`,
      ...place,
    };
  });
}

/** Seconds until a probe that never succeeds has failed for good. */
const patience = (probe: V1Probe): number => (probe.initialDelaySeconds ?? 0) + allowedSeconds(probe);

/** With half a processor OpenCode takes up to ten seconds to its first answer, and a busy agent keeps it from answering. */
const seconds = 20;
/** An agent that builds or searches leaves OpenCode no processor for minutes. */
const busy = 300;
/** What a start takes of a whole processor, in seconds: a smaller share makes it longer. */
const ofOneCore = 5;

/** How long a start takes with the processor that the container may have. */
const startOf = ({ resources }: InspectedWorkspace["app"]): number =>
  ofOneCore / coresOf(resources?.limits?.cpu ?? "1");

/** Helm's own patience (HelmRelease, spec.timeout): whoever is Ready later is taken back. */
const helmWaits = 300;

function lateProbes({ facts, app, at }: InspectedWorkspace): Fault[] {
  const probes = [["startup", app.startupProbe] as const, ["readiness", app.readinessProbe] as const];
  return probes.flatMap(([name, probe]) => {
    const { initialDelaySeconds: delay = 0 } = probe ?? {};
    if (delay < 60) return [];
    return {
      message: `the ${name} probe of ${facts.name} does not ask before ${delay} s: so long every start leaves nobody to answer${delay >= helmWaits ? ", and Helm takes the release back before" : ""}`,
      remedy: "leave initialDelaySeconds out: a startup probe asks until there is an answer",
      ...(delay < helmWaits ? { severity: "warning" as const } : {}),
      ...at(key("probes"), key(name), key("initialDelaySeconds")),
    };
  });
}

function impatience(workspace: InspectedWorkspace): Fault[] {
  const { facts, app, at } = workspace;
  return probesOf(workspace)
    .filter(([name]) => name !== "readiness")
    .flatMap(([name, probe]) => {
      if (!probe) return [];
      // What asks while it starts has a start to wait for; what asks later has only a busy agent.
      const start = name === "startup" || app.startupProbe === undefined ? startOf(app) : 0;
      const isCertain = patience(probe) < Math.max(seconds, start);
      const isTooBusy = name === "liveness" && asks(probe) && allowedSeconds(probe) < busy;
      // Half as fast as usual a node may be.
      if (!isCertain && !isTooBusy && patience(probe) >= 2 * start) return [];
      const given = isTooBusy ? allowedSeconds(probe) : patience(probe);
      return {
        message: `the ${name} probe of ${facts.name} gives OpenCode ${given} s: it ${isCertain ? "is" : "may be"} killed while it ${name === "startup" ? "starts" : "is busy"}`,
        remedy: `give it ${isTooBusy ? "five minutes, or leave the probe out" : "a minute"}: failureThreshold times periodSeconds`,
        ...(isCertain ? {} : { severity: "warning" as const }),
        ...at(...toField(name, probe, "failureThreshold")),
      };
    });
}

/** What the kubelet asks of OpenCode, and how long it waits for an answer. */
export const probeRules = [
  rule({
    id: "probe-port",
    title: "probes ask the port on which OpenCode listens",
    isBlocker: true,
    find: eachWorkspace(probePorts),
  }),
  rule({
    id: "probe-impatient",
    title: "no probe kills what is starting or busy",
    find: eachWorkspace(impatience),
  }),
  rule({
    id: "probe-late",
    title: "probes ask as soon as there may be an answer",
    find: eachWorkspace(lateProbes),
  }),
];
