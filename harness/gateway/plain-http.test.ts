import { expect, it } from "vitest";
import { leadsToTls, listensPlainly } from "./plain-http.ts";

const host = "flux.opencode.example.test";
const page = `https://${host}/session?from=http`;

it.each([
  ["the same page with TLS", 301, page, true],
  ["the same, with TLS's own port", 308, `https://${host}:443/session?from=http`, true],
  ["the page itself, without TLS", 200, undefined, false],
  ["the password's question, without TLS", 401, undefined, false],
  ["a redirect that stays without TLS", 301, `http://${host}/session?from=http`, false],
  ["a redirect that forgets the page", 301, `https://${host}/`, false],
  ["a redirect to another host", 301, "https://ha.opencode.example.test/session?from=http", false],
  ["a redirect to nowhere", 301, "/session?from=http", false],
])("judges %s", (_what, status, location, expected) => {
  expect(leadsToTls(status, location, host)).toBe(expected);
});

it("asks nothing of a Gateway that listens with TLS alone", () => {
  const gateway = (...protocols: string[]) => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    spec: { listeners: protocols.map((protocol) => ({ protocol })) },
  });
  expect(listensPlainly(gateway("HTTPS"))).toBe(false);
  expect(listensPlainly(gateway("HTTPS", "HTTP"))).toBe(true);
  expect(listensPlainly(undefined)).toBe(true);
});
