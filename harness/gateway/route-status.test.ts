import { describe, expect, it } from "vitest";
import { judgeRoute } from "./route-status.ts";

interface Given {
  parent?: object;
  accepted?: string;
  resolved?: string;
  observedGeneration?: number;
}

const home = { name: "envoy-internal", namespace: "network", sectionName: "https" };

/** A route of generation 2, as Envoy Gateway answers it. */
function route({ parent = home, accepted = "True", resolved = "True", observedGeneration = 2 }: Given = {}) {
  const condition = (type: string, status: string) => ({
    type,
    status,
    reason: status === "True" ? type : `No${type}`,
    message: "told by the gateway",
    observedGeneration,
  });
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { namespace: "opencode", name: "opencode-flux", generation: 2 },
    spec: { parentRefs: [parent] },
    status: {
      parents: [
        {
          parentRef: parent,
          conditions: [condition("Accepted", accepted), condition("ResolvedRefs", resolved)],
        },
      ],
    },
  };
}

const refusal = (given: Given) => {
  const verdict = judgeRoute(route(given), home);
  return "ready" in verdict ? verdict.ready.refused : verdict;
};

describe("judgeRoute", () => {
  it("takes a route that is accepted, with its references resolved", () => {
    expect(judgeRoute(route(), home)).toEqual({ ready: {} });
  });

  it("waits for the answer to the route as it is now", () => {
    expect(judgeRoute(route({ observedGeneration: 1, accepted: "False" }), home)).toEqual({
      waiting: "the Gateway has not judged generation 2",
    });
    expect(judgeRoute({ ...route(), status: {} }, home)).toHaveProperty("waiting");
  });

  it("tells a listener that takes no routes of this namespace", () => {
    expect(refusal({ parent: { ...home, sectionName: "http" }, accepted: "False" })).toEqual({
      about: "listener",
      why: "is not accepted by listener http of the Gateway: NoAccepted, told by the gateway",
    });
  });

  it("tells a Gateway that is looked for in the route's own namespace, which nobody answers for", () => {
    const why =
      "asks Gateway opencode/envoy-internal to take it, not network/envoy-internal: no gateway serves it";
    expect(refusal({ parent: { ...home, namespace: "opencode" } })).toEqual({ about: "gateway", why });
    expect(refusal({ parent: { name: "envoy-internal" } })).toEqual({ about: "gateway", why });
  });

  it("tells a Service or port that is not there", () => {
    expect(refusal({ resolved: "False" })).toMatchObject({
      about: "backend",
      why: expect.stringContaining("NoResolvedRefs"),
    });
  });

  it("takes a route that one listener takes, whatever another says of it", () => {
    const refusedThere = route({ parent: { ...home, sectionName: "http" }, accepted: "False" });
    const both = {
      ...refusedThere,
      spec: { parentRefs: [...refusedThere.spec.parentRefs, ...route().spec.parentRefs] },
      status: { parents: [...refusedThere.status.parents, ...route().status.parents] },
    };
    expect(judgeRoute(both, home)).toEqual({ ready: {} });
    const unanswered = { ...both, status: refusedThere.status };
    expect(judgeRoute(unanswered, home)).toHaveProperty("waiting");
  });
});
