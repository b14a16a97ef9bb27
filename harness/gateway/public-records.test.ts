import { expect, it } from "vitest";
import { judgeRecords, roundsSince } from "./public-records.ts";

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
