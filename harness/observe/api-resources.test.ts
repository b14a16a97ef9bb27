import { expect, it } from "vitest";
import { kindsIn } from "./api-resources.ts";

const kind = (resource: string, kind: string, ...verbs: string[]) => ({
  resource,
  responseKind: { group: "", version: "", kind },
  scope: "Namespaced",
  verbs,
});

it("every kind that has a list is read once, in the version that the API server prefers", () => {
  const core = {
    metadata: {},
    versions: [
      {
        version: "v1",
        resources: [
          kind("pods", "Pod", "get", "list"),
          kind("bindings", "Binding", "create"),
          kind("componentstatuses", "ComponentStatus", "list"),
        ],
      },
    ],
  };
  const routes = kind("httproutes", "HTTPRoute", "list");
  const gateway = {
    metadata: { name: "gateway.networking.k8s.io" },
    versions: [
      { version: "v1", resources: [routes] },
      { version: "v1beta1", resources: [routes] },
    ],
  };
  const events = {
    metadata: { name: "events.k8s.io" },
    versions: [{ version: "v1", resources: [kind("events", "Event", "list")] }],
  };
  expect(kindsIn({ kind: "APIGroupDiscoveryList", items: [core, gateway, events] })).toEqual([
    { kind: "Pod", path: "/api/v1/pods" },
    { kind: "HTTPRoute", path: "/apis/gateway.networking.k8s.io/v1/httproutes" },
  ]);
});
