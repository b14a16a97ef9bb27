import type { Component, PlatformInputs } from "./component.ts";
import { controller, namespace } from "./controller.ts";

const home = "cert-manager";
const caSecret = "harness-ca-key-pair";

export const certManager: Component = {
  name: "cert-manager",
  objects: ({ images }: PlatformInputs) => [
    namespace(home),
    ...controller({
      name: "cert-manager",
      namespace: home,
      image: images.certManager,
      serves: ["cert-manager.io"],
      args: ["--leader-elect=false", `--cluster-resource-namespace=${home}`],
    }),
  ],
  ledger: () => [
    {
      part: "cert-manager",
      production: "controller, webhook and CA injector, all issuers",
      here: "the controllers for certificates, CA and self-signed issuers",
      why: "its command is not in its Go module; ACME needs an outside",
      hides: "a Certificate that only the webhook refuses",
    },
  ],
};

/** What an issuer of the home that asks Let's Encrypt becomes: the harness's own authority signs. */
export const certificateAuthorityIssuer = { ca: { secretName: caSecret } };

/** The key of that authority, where cert-manager looks for what a ClusterIssuer names. */
export const certManagerIssuers: Component = {
  name: "cert-manager-issuers",
  objects: () => [],
  secrets: ({ issuer }: PlatformInputs) => [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: caSecret, namespace: home },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": issuer.certPem, "tls.key": issuer.keyPem },
    },
  ],
  ledger: () => [
    {
      part: "ClusterIssuers that ask an ACME server",
      production: "Let's Encrypt, DNS-01 over the domain's provider",
      here: "under their names CA issuers below the run's own CA, for names of the home's zone",
      why: "no packet leaves the machine",
      hides: "rate limits, the minutes that DNS-01 takes, names that Let's Encrypt refuses",
    },
  ],
};
