import type { Component, KeylessInputs, KubeObject, PlatformInputs } from "./component.ts";
import { controller, namespace } from "./controller.ts";

const home = "external-secrets";
const tokenSecret = "harness-doppler-token";
const project = "k3s-cluster";
const config = "prd";

/** External Secrets' controller; the kinds it is told not to serve have no definition here. */
export const externalSecrets: Component = {
  name: "external-secrets",
  objects: ({ images }: PlatformInputs) => [
    namespace(home),
    ...controller({
      name: "external-secrets",
      namespace: home,
      image: images.externalSecrets,
      serves: ["external-secrets.io"],
      args: [
        "--concurrent=5",
        "--enable-cluster-external-secret-reconciler=false",
        "--enable-cluster-push-secret-reconciler=false",
        "--enable-push-secret-reconciler=false",
        "--enable-generator-state=false",
        "--metrics-addr=:8080",
        "--live-addr=:8082",
      ],
    }),
  ],
  ledger: () => [
    {
      part: "External Secrets",
      production: "controller, validating webhook and certificate controller, all kinds",
      here: "v0.20.4's controller with the doppler, webhook, fake and kubernetes providers; ExternalSecret, SecretStore and ClusterSecretStore only",
      why: "it is the newest version whose Go module builds alone; the other providers would bring every cloud's SDK",
      hides: "an ExternalSecret that only the admission webhook refuses; PushSecrets and generators",
    },
  ],
};

/** What the webhook store needs beside the home's own: a token that this provider may read. */
export const externalSecretsStores: Component = {
  name: "external-secrets-stores",
  objects: () => [],
  secrets: ({ dopplerToken, store }: PlatformInputs): KubeObject[] =>
    store === "doppler"
      ? []
      : [
          {
            apiVersion: "v1",
            kind: "Secret",
            // The webhook provider reads only secrets that carry this label.
            metadata: {
              name: tokenSecret,
              namespace: home,
              labels: { "external-secrets.io/type": "webhook" },
            },
            stringData: { dopplerToken },
          },
        ],
  ledger: ({ store }: KeylessInputs) => [
    {
      part: "the home's secret stores",
      production: "Doppler provider against api.doppler.com",
      here:
        store === "doppler"
          ? "as the home has them; api.doppler.com resolves to the stand-in"
          : "webhook provider that asks the stand-in's secrets API for one key at a time",
      why: "secrets must be fresh in every run and must not leave the machine",
      hides:
        store === "doppler"
          ? "what the real Doppler answers when it throttles or is down"
          : "find, extract and name transformers of the Doppler provider, which --store doppler has",
    },
  ],
};

/** In place of the Doppler provider with `--store webhook`; it knows single keys only. */
export const webhookProvider = {
  webhook: {
    url: `https://api.doppler.com/v3/configs/config/secret?project=${project}&config=${config}&name={{ .remoteRef.key }}`,
    method: "GET",
    timeout: "10s",
    headers: { Accept: "application/json", Authorization: "Bearer {{ .auth.dopplerToken }}" },
    result: { jsonPath: "$.value.raw" },
    secrets: [{ name: "auth", secretRef: { name: tokenSecret, namespace: home } }],
  },
};
