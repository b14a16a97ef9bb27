import { describe, expect, it } from "vitest";
import type { Cluster } from "../cluster/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { hostnameOf } from "./served-host.ts";

const facts = {
  ...testFacts(),
  services: [{ name: "app", ports: [4096] }],
  hosts: [
    { hostname: "code.example.org", route: { namespace: "ai", name: "code" }, gateways: [] },
    { hostname: "old.example.org", route: { namespace: "ai", name: "a-bookmark" }, gateways: [] },
  ],
};
const route = (name: string, hostnames: string[] | undefined, service = "app") => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name },
  spec: { ...(hostnames ? { hostnames } : {}), rules: [{ backendRefs: [{ name: service }] }] },
});
const hostname = (...routes: object[]) =>
  hostnameOf(facts, { objects: { all: async () => routes } } as unknown as Cluster);

describe("a workspace is asked at", () => {
  it.each<[string, ...object[]]>([
    [
      "its first host, whatever else leads to it",
      route("a-bookmark", ["old.example.org"]),
      route("code", ["code.example.org"]),
    ],
    ["its first host among several of its route", route("code", ["short.example.org", "code.example.org"])],
    ["the host of the listener where its route names none", route("code", undefined)],
  ])("%s", async (_what: string, ...routes: object[]) => {
    expect(await hostname(...routes)).toBe("code.example.org");
  });

  it("the host that its route has now, and that of another route where its own is gone", async () => {
    expect(await hostname(route("code", ["new.example.org"]))).toBe("new.example.org");
    expect(await hostname(route("a-bookmark", ["old.example.org"]))).toBe("old.example.org");
  });

  it("no host of what leads elsewhere", async () => {
    await expect(hostname(route("code", ["code.example.org"], "other"))).rejects.toThrow("no HTTPRoute");
  });
});
