// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import {
  app,
  claim,
  expectFound,
  expectTold,
  flux,
  ks,
  type LoneMistake,
  type Mistake,
  source,
  text,
} from "../test-check.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "a chart that is older than the workspaces' others": [
    "manifests",
    [[text(source, "tag: 4.4.0", "tag: 3.7.3"), "chart-older", /3\.7\.3/, /4\.x/]],
  ],
  "a chart's version in its address": [
    "manifests",
    [[text(source, "app-template", "app-template:4.4.0"), "chart-address", /url/, /ref\.tag/]],
  ],
  "a source that the home does not have": [
    "manifests",
    [
      [
        text(ks, "name: home-kubernetes", "name: flux-system"),
        "source-missing",
        /name: flux-system/,
        /home-kubernetes/,
      ],
    ],
  ],
  "a registry that is asked for an index": [
    "fixtures/trees/one-base",
    [
      [
        text("kubernetes/apps/workspaces/helmrepository.yaml", "  type: oci\n", ""),
        "chart-address",
        /url/,
        /type: oci/,
      ],
    ],
  ],
  "charts that are nowhere": [
    "manifests",
    [
      [text(source, "helm/app-template", "helm"), "chart-address", /url/, /helm\/app-template/],
      [() => {}, "not-seen", /chartRef/, /nothing of this workspace/],
      [
        text(flux("app/ocirepository.yaml"), "tag: 4.4.0", "tag: v4.4.0"),
        "chart-address",
        /tag: v4/,
        /have no v.*write 4\.4\.0/,
      ],
      [
        text(claim, '  storageClassName: "${VOLSYNC_STORAGECLASS:-ceph-block}"\n', ""),
        "shared-block",
        /accessModes|ReadWriteMany/,
        /Pending/,
      ],
      [
        text(
          flux("ks.yaml"),
          "      VOLSYNC_CAPACITY: 5Gi\n",
          "      VOLSYNC_CAPACITY: 5Gi\n      VOLSYNC_ACCESSMODES: ReadWriteMany\n",
        ),
        "shared-block",
        /accessModes|ReadWriteMany/,
        /ReadWriteOnce/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

const mistakes: LoneMistake[] = [
  {
    rule: "chart-layer",
    title: "a layer that is not in the chart",
    edit: text(`${app}/ocirepository.yaml`, "helm.chart.content.v1", "helm.chart.v1"),
    line: /mediaType/,
    message: /asks for the layer application\/vnd\.cncf\.helm\.chart\.v1\.tar\+gzip, which no chart has/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
