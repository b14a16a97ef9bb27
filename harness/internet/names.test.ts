import { describe, expect, it } from "vitest";
import { coreDnsCustom, productionNames } from "./names.ts";

const addresses = {
  github: "172.30.0.5",
  doppler: "172.30.0.6",
  copilot: "172.30.0.7",
  "dns-recorder": "172.30.0.9",
  npm: "172.30.0.10",
  registry: "172.30.0.8",
  "object-store": "172.30.0.10",
};

it("maps every production name to the one that answers for it", () => {
  expect(productionNames(addresses)).toEqual({
    "github.com": "172.30.0.5",
    "api.doppler.com": "172.30.0.6",
    "api.githubcopilot.com": "172.30.0.7",
    "api.cloudflare.com": "172.30.0.9",
    "registry.npmjs.org": "172.30.0.10",
    "ghcr.io": "172.30.0.8",
    "minio.home.arpa": "172.30.0.10",
  });
});

describe("coredns-custom", () => {
  it("is what k3s imports: one override, and the root zone that it refers to", () => {
    const { metadata, data } = coreDnsCustom({ "github.com": "172.30.0.5", "ghcr.io": "fd00::8" });
    expect(metadata).toEqual({ name: "coredns-custom", namespace: "kube-system" });
    expect(data["internet.override"]).toBe(
      [
        "log github.com ghcr.io",
        "log . {",
        "  class denial error",
        "}",
        "file /etc/coredns/custom/internet.zone .",
        "",
      ].join("\n"),
    );
    expect(data["internet.zone"]).toMatch(/^\. IN SOA \S+ \S+ \d+ 3600 600 86400 5$/m);
    expect(data["internet.zone"]).toContain("github.com. IN A 172.30.0.5\nghcr.io. IN AAAA fd00::8\n");
  });

  it("has another serial for other addresses and the same for the same", () => {
    const serial = (ip: string) =>
      /SOA \S+ \S+ (\d+)/.exec(coreDnsCustom({ "github.com": ip }).data["internet.zone"] ?? "")?.[1];
    expect(serial("10.0.0.1")).toBe(serial("10.0.0.1"));
    expect(serial("10.0.0.1")).not.toBe(serial("10.0.0.2"));
  });
});
