import { it } from "vitest";
import {
  app,
  containerOption,
  type Edit,
  expectFound,
  expectSilence,
  fluxRelease,
  ks,
  type Mistake,
  namespace,
  podOption,
  release,
  source,
  text,
} from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what Flux and Helm pass over": [
    "manifests",
    [
      [
        text(source, "    tag: 4.4.0", '    tag: 4.4.0\n    semver: ">=4.0.0"'),
        "chart-version",
        /semver/,
        /newest \(>=4\.0\.0\)/,
      ],
      [
        text(
          source,
          "  interval: 30m\n",
          "  interval: 30m\n  verify: { provider: cosign, secretRef: { name: cosign } }\n",
        ),
        "source-secret-missing",
        /verify/,
        /opencode\/cosign/,
      ],
      [
        text(release, "    cleanupOnFail: true\n", "    cleanupOnFail: true\n    preserveValues: true\n"),
        "values-kept",
        /preserveValues/,
        /taken out of Git stays/,
      ],
      [
        text(
          `${app}/kustomization.yaml`,
          "          kustomize.toolkit.fluxcd.io/prune: disabled\n",
          "          kustomize.toolkit.fluxcd.io/prune: disabled\n        annotations:\n          kustomize.toolkit.fluxcd.io/force: Enabled\n",
        ),
        "forced",
        /force: Enabled/,
        /claim opencode-ha by force/,
      ],
      [
        text(namespace, "  labels:\n", "  labels:\n    house: true\n"),
        "metadata-no-text",
        /house/,
        /takes all labels away from Namespace opencode: house of its labels is a boolean/,
      ],
      [
        text(
          release,
          'reloader.stakater.com/auto: "true"',
          'reloader.stakater.com/auto: "true"\n          secrets.exclude.reloader.stakater.com/reload: opencode-ha-secret',
        ),
        "reload-passed-by",
        /reloader/,
        /do not name Secret opencode-ha-secret/,
      ],
      [podOption("schedulerName: stork"), "pod-class-missing", /schedulerName/, /stay Pending/],
      [
        podOption(
          "tolerations: [{ key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 3600 }]",
        ),
        "stays-on-lost-node",
        /tolerationSeconds/,
        /3600 s/,
      ],
      [
        containerOption("lifecycle: { preStop: { exec: { command: [sh, -c, sleep 60] } } }"),
        "no-grace-period",
        /preStop/,
        /60 s, and the pod has 30 s/,
      ],
    ],
  ],
  "what is in no namespace": [
    "manifests",
    [
      [
        text(ks, "  namespace: flux-system\n", ""),
        "namespace-unsaid",
        /name: &app opencode-ha/,
        /namespace not specified.*flux-system/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, Edit[]> = {
  "marks, hooks and times that are as they should be": [
    text(
      release,
      'reloader.stakater.com/auto: "true"',
      'reloader.stakater.com/auto: "true"\n          secrets.exclude.reloader.stakater.com/reload: another-secret',
    ),
    text(namespace, "  labels:\n", '  labels:\n    house: "true"\n'),
    podOption("schedulerName: default-scheduler"),
    podOption(
      "tolerations: [{ key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 120 }]",
    ),
    containerOption(
      "lifecycle: { preStop: { exec: { command: [sh, -c, sleep 2] } }, postStart: { exec: { command: [sh, -c, 'command -v git || true'] } } }",
    ),
    text(source, "    tag: 4.4.0", "    semver: 4.4.0"),
    text(
      fluxRelease,
      "              OPENCODE_DISABLE",
      '              NODE_TLS_REJECT_UNAUTHORIZED: "1"\n              OPENCODE_DISABLE',
    ),
    text(
      release,
      '"$HOME/.local/share/opencode" "$HOME/.config"',
      "/home/opencode/.local/share/opencode /home/opencode/.config",
    ),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
