import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { policiesOfWorkspaces } from "../../reading/gateways.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { openPage } from "../../reading/probes.ts";
import { rule } from "../../rule.ts";

interface Spec {
  healthCheck?: {
    active?: { http?: { path?: string; expectedStatuses?: number[] } };
    passive?: { maxEjectionPercent?: number };
  };
  httpUpgrade?: { type?: string }[];
  useClientProtocol?: boolean;
  proxyProtocol?: object;
}

/** Of the policies that count for workspaces, what Envoy does on its way to OpenCode. */
const counting =
  (find: (policy: OwnedObject, spec: Spec, inspected: Inspected) => Fault[]) =>
  (inspected: Inspected): Fault[] =>
    policiesOfWorkspaces(inspected, "BackendTrafficPolicy").flatMap((policy) =>
      find(policy, specOf<Spec>(policy), inspected),
    );

/** Envoy asks without the password, and sends nothing to who has answered with another status. */
const unhealthy = counting((policy, { healthCheck }, inspected) => {
  const { path, expectedStatuses = [200] } = healthCheck?.active?.http ?? {};
  const hasPassword = inspected.workspaces.some(({ facts }) => facts.password);
  if (path === undefined || path.split("?")[0] === openPage || expectedStatuses.includes(401) || !hasPassword)
    return [];
  return [
    {
      message: `${titleOf(policy)} asks ${path} whether OpenCode is well, which answers 401 without the password: Envoy takes it for dead, and answers 503`,
      remedy: `ask for ${openPage}, or leave healthCheck out: the pod's readiness is enough`,
      ...inspected.placeOf(policy, key("healthCheck"), key("path")),
    },
  ];
});

/** The one pod is taken out for the answers of a moment. */
const ejected = counting((policy, { healthCheck }, { placeOf }) => {
  const { maxEjectionPercent = 10 } = healthCheck?.passive ?? {};
  if (healthCheck?.passive === undefined || maxEjectionPercent < 100) return [];
  return [
    {
      message: `${titleOf(policy)} takes a workspace's one pod out after a few failed answers: everybody gets 503 until its time is over`,
      remedy: "leave healthCheck.passive out",
      severity: "warning",
      ...placeOf(policy, key("healthCheck"), key("passive")),
    },
  ];
});

const noWebSocket = counting((policy, { httpUpgrade }, { placeOf }) => {
  if (!httpUpgrade?.length || httpUpgrade.some(({ type }) => type?.toLowerCase() === "websocket")) return [];
  return [
    {
      message: `${titleOf(policy)} lets requests become ${httpUpgrade.map(({ type }) => type).join(", ")}, and no WebSocket: no terminal opens`,
      remedy: "write type: websocket, or leave httpUpgrade out",
      ...placeOf(policy, key("httpUpgrade")),
    },
  ];
});

const otherProtocol = counting((policy, { useClientProtocol, proxyProtocol }, { placeOf }) => {
  const fields = [
    ["useClientProtocol", useClientProtocol === true, "HTTP/2, as browsers do"],
    ["proxyProtocol", proxyProtocol !== undefined, "PROXY"],
  ] as const;
  return fields
    .filter(([, is]) => is)
    .map(([field, , what]) => ({
      message: `${titleOf(policy)} lets Envoy speak ${what}, to OpenCode (${field}), which speaks plain HTTP/1.1 only`,
      remedy: `leave ${field} out`,
      ...placeOf(policy, key(field)),
    }));
});

/** Envoy would ask a workspace's Service over TLS. */
function tlsToBackend(inspected: Inspected): Fault[] {
  return inspected.of("BackendTLSPolicy").flatMap((policy) => {
    const { targetRefs = [] } = specOf<{ targetRefs?: { kind?: string; name?: string }[] }>(policy);
    const workspace = inspected.workspaces.find(
      ({ facts }) =>
        facts.sidecars.length === 0 &&
        facts.namespace === policy.object.metadata.namespace &&
        targetRefs.some(
          ({ kind, name }) => kind === "Service" && facts.services.some((one) => one.name === name),
        ),
    );
    if (!workspace) return [];
    return {
      message: `${titleOf(policy)} lets Envoy ask ${workspace.facts.name} over TLS, which OpenCode does not speak`,
      remedy: "take the policy away: TLS ends at the Gateway",
      ...inspected.placeOf(policy, key("targetRefs"), key("name")),
    };
  });
}

/** How Envoy speaks to OpenCode. */
export const upstreamRules = [
  rule({
    id: "taken-for-dead",
    title: "Envoy asks after health what OpenCode answers",
    pitfalls: [4],
    find: unhealthy,
  }),
  rule({ id: "pod-ejected", title: "no failed answer takes the one pod out", find: ejected }),
  rule({ id: "no-web-socket", title: "terminals may become WebSockets", pitfalls: [4], find: noWebSocket }),
  rule({
    id: "other-protocol",
    title: "Envoy speaks to OpenCode as that does",
    pitfalls: [4],
    find: (inspected) => [...otherProtocol(inspected), ...tlsToBackend(inspected)],
  }),
];
