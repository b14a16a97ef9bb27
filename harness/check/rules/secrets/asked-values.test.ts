import { it } from "vitest";
import {
  expectFound,
  flux,
  type Mistake,
  policy,
  release,
  reloader,
  secret,
  store,
  text,
} from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what Reloader, stores and Flux are told": [
    "manifests",
    [
      [
        text(
          release,
          'reloader.stakater.com/auto: "true"',
          "secret.reloader.stakater.com/reload: opencode-flux-secret",
        ),
        "reload-passed-by",
        /reload: opencode-flux/,
        /opencode-ha-secret/,
      ],
      [
        text(
          reloader,
          "      reloadStrategy: default\n",
          "      reloadStrategy: default\n      ignoreSecrets: true\n",
        ),
        "reloader-blind",
        /ignoreSecrets/,
        /looks at no Secret/,
      ],
      [
        text(store, "spec:\n", "spec:\n  conditions: [{ namespaces: [network] }]\n"),
        "store-refuses",
        /conditions/,
        /add opencode/,
      ],
      [text(store, "key: dopplerToken", "key: token"), "store-token-missing", /key: token/, /no such key/],
      [
        text(secret, '{{ .OPENCODE_HA_SERVER_PASSWORD }}"', '{{ .OPENCODE_HA_SERVER_PASSWORD | b64enc }}"'),
        "secret-changed",
        /b64enc/,
        /another text/,
      ],
      [
        text(
          flux("app/externalsecret.yaml"),
          '"{{ .OPENCODE_FLUX_SERVER_PASSWORD }}"',
          '"$OPENCODE_FLUX_SERVER_PASSWORD"',
        ),
        "secret-changed",
        /\$OPENCODE/,
        /not the value/,
      ],
      [
        text(
          secret,
          "  data:\n    - secretKey: OPENCODE_HA_GITHUB_PAT\n",
          "  data:\n    - secretKey: OPENCODE_HA_GITHUB_PAT\n      remoteRef: { key: OPENCODE_FLUX_GITHUB_PAT }\n    - secretKey: OPENCODE_HA_GITHUB_PAT\n",
        ),
        "secret-key-twice",
        /OPENCODE_HA_GITHUB_PAT/,
        /twice/,
      ],
      [
        text(
          policy,
          "  namespace: opencode\n",
          "  namespace: opencode\n  annotations: { kustomize.toolkit.fluxcd.io/reconcile: disabled }\n",
        ),
        "passed-over",
        /reconcile/,
        /passes it over/,
      ],
      [
        text(
          release,
          "metadata:\n  name: opencode-ha\n",
          "metadata:\n  annotations: { kustomize.toolkit.fluxcd.io/ssa: IfNotPresent }\n  name: opencode-ha\n",
        ),
        "passed-over",
        /ssa/,
        /applies it once/,
      ],
      [
        text(release, "  interval: 30m\n", "  interval: 30m\n  serviceAccountName: helm\n"),
        "flux-account-missing",
        /serviceAccountName/,
        /opencode\/helm/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
