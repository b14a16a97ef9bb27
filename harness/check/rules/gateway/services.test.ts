import { it } from "vitest";
import { type Edit, expectFound, expectNothing, type Mistake, release, text } from "../test-check.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "a StatefulSet": [
    "fixtures/trees/statefulset",
    [
      [
        text("kubernetes/apps/dev/coder/app/service.yaml", "targetPort: http", "targetPort: web"),
        "service",
        /web/,
        /no container has/,
      ],
      [
        text(
          "kubernetes/apps/dev/coder/app/statefulset.yaml",
          "  replicas: 1\n",
          "  replicas: 1\n  persistentVolumeClaimRetentionPolicy: { whenDeleted: Delete }\n",
        ),
        "claim-of-set",
        /whenDeleted/,
        /Retain/,
      ],
      [
        text(
          "kubernetes/apps/dev/coder/app/statefulset.yaml",
          "        accessModes: [ReadWriteOnce]\n",
          "        accessModes: [ReadWriteOnce]\n        storageClassName: openebs-hostpath\n",
        ),
        "bound-to-node",
        /openebs/,
        /one node/,
      ],
      [
        text(
          "kubernetes/apps/dev/coder/app/statefulset.yaml",
          "- name: tmp\n              mountPath",
          "- name: temp\n              mountPath",
        ),
        "refused",
        /temp/,
        /does not have/,
      ],
      [
        text(
          "kubernetes/apps/dev/coder/app/httproute.yaml",
          "        - name: coder\n",
          "        - name: code\n",
        ),
        "backend-missing",
        /code$/,
        /coder/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "ports of native sidecars": [
    "manifests",
    [
      text(
        release,
        "          seed-auth:\n            dependsOn",
        [
          "          side:",
          "            image: { repository: docker.io/library/other, tag: v1 }",
          "            restartPolicy: Always",
          "            ports: [{ name: side, containerPort: 9000 }]",
          "            securityContext: *securityContext",
          "            resources: *resources",
          "          seed-auth:",
          "            dependsOn",
        ].join("\n"),
      ),
      text(
        release,
        "          http:\n            port: 4096\n",
        "          side: { port: 9000, targetPort: side }\n          http:\n            port: 4096\n",
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});
