import { expect, it } from "vitest";
import { checked, flux, home, object, toStudio } from "../test-other-home.ts";

it("believes in an issuer that the home's chart makes, and in no other", { timeout: 120_000 }, async () => {
  const certificate = (name: string, issuer: string) =>
    object(
      "Certificate",
      name,
      "ai",
      {
        spec: {
          secretName: name,
          dnsNames: ["studio.example"],
          issuerRef: { kind: "ClusterIssuer", name: issuer },
        },
      },
      "cert-manager.io/v1",
    );
  const issuers = {
    interval: "1h",
    chartRef: { kind: "OCIRepository", name: "issuers" },
    values: { issuers: [{ name: "of-a-chart" }] },
  };
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/app/studio.yaml": certificate("studio", "of-a-chart"),
    "kubernetes/apps/ai/app/other.yaml": certificate("other", "of-nobody"),
    "kubernetes/apps/certs/ks.yaml": flux("certs", "./kubernetes/apps/certs/app"),
    "kubernetes/apps/certs/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/certs/app/release.yaml": object(
      "HelmRelease",
      "issuers",
      "certs",
      { spec: issuers },
      "helm.toolkit.fluxcd.io/v2",
    ),
  });
  expect(said.filter((one) => one.includes(" issuer-missing: "))).toEqual([
    expect.stringMatching(/^warning .*ClusterIssuer of-nobody.* no ClusterIssuer is in Git/),
  ]);
});
