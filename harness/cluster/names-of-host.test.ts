import { expect, it } from "vitest";
import { namesOfHost } from "./names-of-host.ts";

it.each([
  ["localhost", ["localhost"], ["127.0.0.1"]],
  ["127.0.0.1", ["localhost"], ["127.0.0.1"]],
  ["docker", ["localhost", "docker"], ["127.0.0.1"]],
  ["172.17.0.1", ["localhost"], ["127.0.0.1", "172.17.0.1"]],
  ["[fd00::1]", ["localhost"], ["127.0.0.1"]],
])("a certificate for %s names it beside this machine", (host, dnsNames, ips) => {
  expect(namesOfHost(host)).toEqual({ dnsNames, ips });
});
