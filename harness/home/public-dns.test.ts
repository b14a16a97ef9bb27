import { expect, it } from "vitest";
import { askedAnnotations, publicDnsOf } from "./public-dns.ts";

const nothing = { doppler: {}, sops: {}, repositories: [], accounts: [], zone: [] };

it.each([
  [
    "--annotation-filter=external-dns.home.arpa/enabled in (true)",
    { "external-dns.home.arpa/enabled": "true" },
  ],
  ["--annotation-filter=public=yes", { public: "yes" }],
  ["--annotation-filter=public == yes", { public: "yes" }],
  ["--annotation-filter=zone in (a, b)", { zone: "a" }],
  ["--annotation-filter=public notin (no)", {}],
  ["--annotation-filter=public", {}],
  ["--source=crd", {}],
])("reads what a route needs of %s", (arg, annotations) => {
  expect(askedAnnotations(["--policy=sync", arg])).toEqual(annotations);
});

it("knows what the owner publishes only where he says so", () => {
  const externalDns = { namespace: "network", args: [] };
  expect(publicDnsOf(undefined, { ...nothing, published: [] })).toBeUndefined();
  expect(publicDnsOf(externalDns, nothing)).toEqual({ annotations: {} });
  expect(publicDnsOf(externalDns, { ...nothing, published: [] })).toEqual({ annotations: {}, published: [] });
});
