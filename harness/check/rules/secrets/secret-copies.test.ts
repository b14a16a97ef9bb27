import { it } from "vitest";
import { certificate, expectFound, expectSilence, fluxSecret, secret, text } from "../test-check.ts";

const template = (lines: string, file = secret) =>
  text(
    file,
    "      engineVersion: v2\n",
    `      engineVersion: v2\n${lines.replaceAll(/^(?=.)/gm, "      ")}\n`,
  );

const decoding = (name: string, strategy: string, file = secret) =>
  text(file, `        key: ${name}\n`, `        key: ${name}\n        decodingStrategy: ${strategy}\n`);

const secretTemplate = (annotation: string) =>
  text(certificate, "  issuerRef:\n", `  secretTemplate: { annotations: { ${annotation} } }\n  issuerRef:\n`);

it("finds secrets that are shown, copied, or become other bytes", () =>
  expectFound("manifests", [
    [
      template('templateFrom: [{ target: Annotations, literal: "pat: {{ .OPENCODE_HA_GITHUB_PAT }}" }]'),
      "secret-in-metadata",
      /OPENCODE_HA_GITHUB_PAT/,
      /label or annotation/,
    ],
    [
      template('metadata: { annotations: { pat: "{{ .OPENCODE_FLUX_GITHUB_PAT | b64enc }}" } }', fluxSecret),
      "secret-in-metadata",
      /FLUX_GITHUB_PAT/,
      /template\.data/,
    ],
    [
      secretTemplate('reflector.v1.k8s.emberstack.com/reflection-allowed: "true"'),
      "secret-copied",
      /reflector/,
      /other namespaces/,
    ],
    [decoding("OPENCODE_HA_SERVER_PASSWORD", "Auto"), "secret-decoded", /Auto/, /letters and digits/],
    [template("type: kubernetes.io/basic-auth"), "secret-type", /basic-auth/, /username or password/],
  ]));

it("finds a Secret of a workspace that is copied", () =>
  expectFound("manifests", [
    [
      template('metadata: { annotations: { replicator.v1.mittwald.de/replicate-to: "media" } }'),
      "secret-copied",
      /replicate-to/,
      /one place/,
    ],
  ]));

it("has nothing against other labels, and what is no base64 by chance", () =>
  expectSilence("manifests", [
    template('metadata: { labels: { app: "opencode" }, annotations: { made-for: opencode } }'),
    decoding("OPENCODE_HA_COPILOT_AUTH_JSON", "Auto"),
    text(
      fluxSecret,
      "      engineVersion: v2\n",
      '      engineVersion: v2\n      metadata: { annotations: { digest: "{{ .OPENCODE_FLUX_GITHUB_PAT | sha256sum }}" } }\n',
    ),
    secretTemplate('reflector.v1.k8s.emberstack.com/reflection-allowed: "false"'),
  ]));
