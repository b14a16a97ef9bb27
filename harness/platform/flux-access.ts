import type { Component, KubeObject, PlatformInputs } from "./component.ts";
import { standInSource } from "./stand-in-chart.ts";

const fluxNamespace = "flux-system";
/** Opens the repository of the stand-ins. */
const ownSecret = "harness-platform";

/** How Flux gets at its repositories and at what SOPS has encrypted: the only objects that no Git of a home holds. */
export const fluxAccess: Component = {
  name: "flux-access",
  objects: () => [standInSource(ownSecret)],
  secrets: ({ gitToken, gitSecrets, ageIdentity, ageSecrets }: PlatformInputs) => [
    ...[...new Set([ownSecret, ...gitSecrets])].map((name) =>
      secret(name, { username: "x-access-token", password: gitToken }),
    ),
    ...ageSecrets.map((name) => secret(name, { "age.agekey": ageIdentity })),
  ],
  ledger: () => [
    {
      part: "the home's GitRepository",
      production: "the repository on GitHub, each push followed by a webhook or the next interval",
      here: "the working tree, pushed to a git server under the same address with TLS and a token; reconciled on demand",
      why: "what is not merged yet is under test",
      hides: "a failure of the webhook; a deploy key that GitHub does not take",
    },
    {
      part: "SOPS",
      production: "values encrypted for the owner's age key",
      here: "the same files with values made for this run, encrypted for a key of the run; Flux decrypts them",
      why: "the age key is the home owner's",
      hides: "a value that is wrong, and a file that the owner's key cannot open",
    },
  ],
};

function secret(name: string, stringData: Record<string, string>): KubeObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: fluxNamespace }, stringData };
}
