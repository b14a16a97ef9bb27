import { describe, expect, it } from "vitest";
import { startDnsRecorder } from "../../fixtures/dns-recorder/index.ts";
import { testCertificate } from "../../fixtures/stand-in/test-certificate.ts";
import { ask } from "../../fixtures/stand-in/test-client.ts";
import type { Cluster } from "../cluster/index.ts";
import { DnsControl } from "../internet/index.ts";
import { expectOnlyWantedRecords, judgeRecords, roundsSince } from "./public-records.ts";

const hostname = "flux.example.org";
const record = (recordType: string) => ({
  dnsName: hostname,
  recordType,
  targets: ["internal.example.org"],
  labels: {},
});

function judge({ published, records = [] }: { published?: string[]; records?: string[] }) {
  const annotations = { "external-dns.home.arpa/enabled": "true" };
  const publicDns = { annotations, ...(published ? { published } : {}) };
  const route = { namespace: "ai", name: "flux" };
  return judgeRecords(
    { name: "flux", hosts: [{ hostname, route, gateways: [] }], publicDns },
    records.map(record),
  );
}

it("is content where there is no record and none is wanted", () => {
  // A TXT record is external-dns's own mark, left behind by a record that is gone.
  expect(judge({ published: [], records: ["TXT"] })).toEqual(["flux.example.org has no public record"]);
});

it("refuses a record that nobody wants, with the annotation to take away", () => {
  expect(() => judge({ published: ["other.example.org"], records: ["CNAME"] })).toThrow(
    expect.objectContaining({
      code: "failed",
      message: expect.stringContaining("publishes flux.example.org CNAME internal.example.org"),
      remedy: expect.stringContaining('external-dns.home.arpa/enabled: "true"'),
    }),
  );
});

it("misses a record that is wanted", () => {
  expect(() => judge({ published: [hostname] })).toThrow(/no public record of flux\.example\.org/);
  expect(judge({ published: [hostname], records: ["CNAME"] })).toEqual([
    "flux.example.org CNAME internal.example.org is public, as its owner wants it",
  ]);
});

it("shows a record of which the owner says nothing, and does not judge it", () => {
  expect(judge({ records: ["CNAME"] })).toEqual([
    "flux.example.org CNAME internal.example.org is public; outside.yaml does not say whether it is to be (`published`)",
  ]);
});

/** A recorder, and an external-dns with `policy: upsert-only` that looks whenever a route changes, and wants these records. */
async function upsertOnly(wanted: object[]) {
  const host = "api.cloudflare.com";
  const tls = await testCertificate(host);
  const recorder = await startDnsRecorder({ tls, host: "127.0.0.1" });
  const call = (method: string, path: string, body?: unknown) =>
    ask({ port: recorder.port, certPem: tls.certPem, host, method, path, body });
  const apply = async () => {
    const { json } = await call("GET", "/records");
    const there = json as { dnsName: string }[];
    const create = wanted.filter(
      (one) => !there.some(({ dnsName }) => "dnsName" in one && one.dnsName === dnsName),
    );
    await call("POST", "/records", { create });
  };
  const objects = { apply, remove: async () => {} } as unknown as Cluster["objects"];
  const { controlPort, controlToken } = recorder;
  const dns = new DnsControl({ url: `http://127.0.0.1:${controlPort}`, token: controlToken });
  return { cluster: { objects }, dns, call, [Symbol.asyncDispose]: () => recorder[Symbol.asyncDispose]() };
}

describe("records that external-dns never takes back", () => {
  const facts = {
    name: "flux",
    hosts: [{ hostname, route: { namespace: "ai", name: "flux" }, gateways: [] }],
    publicDns: { annotations: {}, published: [] },
  };
  const signal = new AbortController().signal;

  it("are not blamed on a tree that asks for none", async () => {
    await using home = await upsertOnly([]);
    await home.call("POST", "/records", { create: [record("CNAME")] });
    const workspaces = [{ facts, namespace: "ai" }];
    expect(await expectOnlyWantedRecords({ ...home, workspaces }, signal)).toEqual([
      "flux.example.org has no public record",
    ]);
  });

  it("come again where the tree still asks for them", async () => {
    await using home = await upsertOnly([record("CNAME")]);
    await home.call("POST", "/records", { create: [record("CNAME")] });
    const workspaces = [{ facts, namespace: "ai" }];
    await expect(expectOnlyWantedRecords({ ...home, workspaces }, signal)).rejects.toThrow(
      "publishes flux.example.org CNAME internal.example.org",
    );
  });
});

it("counts external-dns's rounds by what it asks first", () => {
  const at = (second: number, method: string, path: string) => ({
    time: new Date(second * 1000).toISOString(),
    method,
    path,
  });
  const requests = [
    at(1, "GET", "/records"),
    at(3, "GET", "/records"),
    at(3, "POST", "/adjustendpoints"),
    at(4, "POST", "/records"),
    at(5, "GET", "/records"),
  ];
  expect(roundsSince(requests, 2000)).toBe(2);
});
