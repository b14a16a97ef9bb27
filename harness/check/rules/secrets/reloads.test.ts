import { it } from "vitest";
import { expectFound, expectUntold, fluxSecret, secret, text } from "../test-check.ts";
import { secretField } from "./test-secrets.ts";

it("finds Secrets that are another at every refresh, so that Reloader restarts the pod", () =>
  expectFound("manifests", [
    [
      secretField(`HASH: '{{ htpasswd "me" .OPENCODE_HA_SERVER_PASSWORD }}'`),
      "restarts-at-refresh",
      /HASH/,
      /htpasswd.*restarts opencode-ha each 30m/,
    ],
    [
      secretField('KEY: "{{ randAlphaNum 32 }}"', fluxSecret),
      "restarts-at-refresh",
      /KEY: .*randAlphaNum/,
      /randAlphaNum.*restarts opencode-flux/,
    ],
  ]));

it("finds a generator's value of which the same comes", () =>
  expectFound("manifests", [
    [
      text(
        secret,
        "  # Pitfall 7: all three",
        "  dataFrom:\n    - sourceRef:\n        generatorRef: { apiVersion: generators.external-secrets.io/v1alpha1, kind: UUID, name: salt }\n  # Pitfall 7: all three",
      ),
      "restarts-at-refresh",
      /generatorRef/,
      /generator UUID/,
    ],
  ]));

it("says nothing of words that are no function, of what is made once, and of what nobody watches", () =>
  expectUntold(
    ["restarts-at-refresh", "reload-passed-by"],
    [
      secretField(`NOTE: '{{/* now */}}{{ .OPENCODE_HA_SERVER_PASSWORD | replace "now" "then" }}'`),
      secretField('SPARE: "{{ .OPENCODE_HA_SERVER_PASSWORD | default (randAlphaNum 32) }}"'),
      secretField('KEY: "{{ randAlphaNum 32 }}"', fluxSecret),
      text(fluxSecret, "  refreshInterval: 30m\n", "  refreshInterval: 30m\n  refreshPolicy: CreatedOnce\n"),
    ],
  ));
