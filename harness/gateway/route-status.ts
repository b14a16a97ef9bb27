import { HarnessError, type ManifestPlace } from "../base/index.ts";
import type { AnyObject, Verdict } from "../cluster/index.ts";
import { inValues, route as routeOf } from "../diagnosis/index.ts";
import { type DeployedWorkspace, routeTo } from "../workspace/index.ts";
import type { Condition, ParentRef } from "./gateway-api.ts";

const routes = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };

const answerWithinMs = 15_000;

/** The Gateway has taken the workspace's HTTPRoute as it is now, on its listener with TLS, and found its Service and port. */
export async function expectAcceptedRoute(workspace: DeployedWorkspace): Promise<void> {
  await workspace.hostname(); // says what to do where there is no route
  const verdict = await workspace.cluster.wait<{ refused?: Refusal }>({
    ...routes,
    namespace: workspace.facts.hosts[0]?.route.namespace ?? workspace.namespace,
    what: `the HTTPRoute of ${workspace.name} has the Gateway's answer`,
    timeoutMs: answerWithinMs,
    until: (objects) => {
      const route = routeTo(workspace.facts, objects);
      return route ? judgeRoute(route, workspace.gateway) : { waiting: "no HTTPRoute leads to its Service" };
    },
  });
  if (!verdict.refused) return;
  const { why, about } = verdict.refused;
  throw new HarnessError(`the HTTPRoute of ${workspace.name} ${why}`, {
    code: "failed",
    ...advice[about],
    look: advice[about].look(workspace.name),
  });
}

/** Why the route does not lead from the gateway to the workspace, and which part of it is the cause. */
export interface Refusal {
  why: string;
  about: "gateway" | "listener" | "backend";
}

const advice: Record<Refusal["about"], { remedy: string; look: (name: string) => ManifestPlace[] }> = {
  gateway: {
    remedy: "name the home's Gateway in the route's parentRefs, with its namespace (pitfall 9)",
    look: (name) => [routeOf(name, "parentRefs")],
  },
  listener: {
    remedy:
      "name sectionName: https in the route's parentRefs: listener http takes routes of the Gateway's own namespace only, and redirects for all (pitfall 9)",
    look: (name) => [routeOf(name, "parentRefs", 0, "sectionName"), routeOf(name, "parentRefs")],
  },
  backend: {
    remedy: "let the route's backendRefs name a port that the Service has: OpenCode listens on 4096",
    look: (name) => [
      { ...routeOf(name, "rules"), words: ["port:", "name:", "identifier:"] },
      inValues(name, "service", "app", "ports", "http", "port"),
    ],
  },
};

/** What the Gateway says of this generation of the route: one of its listeners that takes it is enough. */
export function judgeRoute(
  route: AnyObject,
  wantedGateway: { namespace: string; name: string },
): Verdict<{ refused?: Refusal }> {
  const namespace = route.metadata?.namespace;
  const refused = (about: Refusal["about"], why: string) => ({ ready: { refused: { about, why } } });
  const namesGateway = ({ name, namespace: where = namespace }: ParentRef) =>
    name === wantedGateway.name && where === wantedGateway.namespace;
  const parents = (route.spec?.parentRefs ?? []) as ParentRef[];
  const asked = parents.filter(namesGateway);
  if (asked.length === 0) {
    const named = parents.map(({ name, namespace: where = namespace }) => `${where}/${name}`).join(", ");
    const wanted = `${wantedGateway.namespace}/${wantedGateway.name}`;
    return refused(
      "gateway",
      `asks Gateway ${named || "none"} to take it, not ${wanted}: no gateway serves it`,
    );
  }
  const answers = (route.status?.parents ?? []) as { parentRef: ParentRef; conditions: Condition[] }[];
  const judged = asked.map(({ sectionName, port }): Verdict<{ refused?: Refusal }> => {
    const answer = answers.find(
      ({ parentRef }) =>
        namesGateway(parentRef) && parentRef.sectionName === sectionName && parentRef.port === port,
    );
    const told = (type: string) =>
      answer?.conditions.find(
        (condition) => condition.type === type && condition.observedGeneration === route.metadata?.generation,
      );
    const [accepted, resolved] = [told("Accepted"), told("ResolvedRefs")];
    if (!accepted || !resolved)
      return { waiting: `the Gateway has not judged generation ${route.metadata?.generation}` };
    if (accepted.status !== "True") {
      return refused(
        "listener",
        `is not accepted by listener ${sectionName ?? port ?? "any"} of the Gateway: ${accepted.reason}, ${accepted.message}`,
      );
    }
    if (resolved.status !== "True")
      return refused("backend", `has no resolved references: ${resolved.reason}, ${resolved.message}`);
    return { ready: {} };
  });
  const isTaken = (one: (typeof judged)[number]) => "ready" in one && !one.ready.refused;
  const [first = { ready: {} }] = judged;
  return judged.find(isTaken) ?? judged.find((one) => "waiting" in one) ?? first;
}
