// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import {
  app,
  expectFound,
  expectTold,
  ks,
  type LoneMistake,
  type Mistake,
  release,
  text,
} from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "kustomize-fails",
    title: "a file that is listed and not there",
    edit: text(`${app}/kustomization.yaml`, "./ocirepository.yaml", "./ocirepo.yaml"),
    line: /ocirepo\.yaml/,
    message: /ocirepo\.yaml/,
  },
  {
    rule: "helm-fails",
    title: "a value of another version of the chart",
    edit: text(
      release,
      "        existingClaim: opencode-ha\n",
      "        existingClaim: opencode-ha\n        mountPath: /data\n",
    ),
    line: /mountPath/,
    message: /mountPath/,
  },
  {
    rule: "variable-blanked",
    title: "a script's variable that Flux takes away",
    edit: text(release, 'mv "$repo.partial" "$repo"\n', 'mv "${repo}.partial" "$repo"\n'),
    line: /mv "\$\{repo\}/,
    message: /\$\{repo\} in HelmRelease opencode-ha/,
    remedy: /write \$repo or \$\$\{repo\}/,
  },
  {
    rule: "variable-blanked",
    title: "a Kustomization in another namespace than the settings",
    edit: (tree) => {
      const away = (name: string) => `- name: ${name}\n      namespace: flux-system`;
      tree.replaceText(ks, "namespace: flux-system", "namespace: opencode");
      for (const name of ["external-secrets-stores", "rook-ceph-cluster"])
        tree.replaceText(ks, `- name: ${name}`, away(name));
      tree.replaceText(ks, "name: home-kubernetes", "name: home-kubernetes\n    namespace: flux-system");
    },
    line: /SECRET_DOMAIN/,
    message: /\$\{SECRET_DOMAIN\} in HelmRelease opencode-ha has no value/,
    remedy: /settings .* namespace of the Kustomization, opencode: let ks\.yaml be in flux-system/,
  },
  {
    rule: "object-missing",
    title: "a chart's source that nobody applies",
    edit: text(`${app}/kustomization.yaml`, "  - ./ocirepository.yaml\n", ""),
    line: /chartRef/,
    message: /OCIRepository opencode\/opencode-ha/,
  },
  {
    rule: "helm-fails",
    title: "values from a ConfigMap whose name a generator has changed",
    edit: text(
      release,
      "  values:\n    controllers:",
      "  valuesFrom:\n    - {kind: ConfigMap, name: ha-values}\n  values:\n    controllers:",
    ),
    line: /name: ha-values/,
    message: /ConfigMap chart values reference 'opencode\/ha-values'/,
    remedy: /disableNameSuffixHash/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "a key that stands twice": [
    "manifests",
    [
      [
        text(
          release,
          "            workingDir: /workspace/home",
          "            workingDir: /\n            workingDir: /workspace/home",
        ),
        "kustomize-fails",
        /workingDir/,
        /already defined/,
      ],
    ],
  ],
  "a controller that nobody has": [
    "manifests",
    [
      [
        text(release, "        controller: opencode-ha\n", "        controller: ha\n"),
        "helm-fails",
        /controller: ha/,
        /no controller 'ha'/,
      ],
    ],
  ],
  "a file that is listed twice": [
    "manifests",
    [
      [
        text(
          "kubernetes/apps/opencode/kustomization.yaml",
          "  - ./opencode-ha/ks.yaml",
          "  - ./opencode-ha/ks.yaml\n  - ./opencode-ha/ks.yaml",
        ),
        "kustomize-fails",
        /opencode-ha\/ks\.yaml/,
        /listed twice/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
