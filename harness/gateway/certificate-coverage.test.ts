import { describe, expect, it } from "vitest";
import { judgeCertificates } from "./certificate-coverage.ts";

const host = "flux.opencode.example.test";

function certificate(dnsNames: string[], status: string, observedGeneration = 1) {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: "opencode", namespace: "network", generation: 1 },
    spec: { dnsNames },
    status: {
      conditions: [{ type: "Ready", status, reason: "Pending", message: "not yet", observedGeneration }],
    },
  };
}

describe("judgeCertificates", () => {
  it("finds the one that covers the host and is Ready", () => {
    const right = certificate(["*.opencode.example.test"], "True");
    expect(judgeCertificates([certificate(["*.example.test"], "True"), right], host)).toEqual({
      ready: right,
    });
  });

  it("takes the one that the Gateway serves, whoever else has one for the host", () => {
    const elsewhere = { ...certificate([host], "True"), spec: { dnsNames: [host], secretName: "another" } };
    const served = { ...certificate([host], "True"), spec: { dnsNames: [host], secretName: "served" } };
    expect(judgeCertificates([elsewhere, served], host, ["network/served"])).toEqual({ ready: served });
    expect(judgeCertificates([elsewhere, served], host, [])).toEqual({ ready: elsewhere });
  });

  it("says what the others cover where none covers it", () => {
    expect(judgeCertificates([certificate(["example.test", "*.example.test"], "True")], host)).toEqual({
      ready: { uncovered: "network/opencode has example.test and *.example.test" },
    });
    expect(judgeCertificates([], host)).toEqual({ ready: { uncovered: "there is none" } });
  });

  it("waits for one that is not Ready, or only was before its last change", () => {
    expect(judgeCertificates([certificate([host], "False")], host)).toEqual({ waiting: "Pending: not yet" });
    expect(judgeCertificates([certificate([host], "True", 0)], host)).toHaveProperty("waiting");
  });
});
