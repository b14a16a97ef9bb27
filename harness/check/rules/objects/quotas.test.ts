import { it } from "vitest";
import { type Edit, expectFound, expectSilence, type Mistake, manifest } from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "namespaces that are too narrow": [
    "manifests",
    [
      [
        manifest(
          "limits.yaml",
          "v1",
          "LimitRange",
          "  limits:\n    - { type: Container, max: { memory: 512Mi } }\n    - { type: PersistentVolumeClaim, max: { storage: 1Gi } }\n",
        ),
        "limit-refuses",
        /max/,
        /container app asks for 1Gi of memory, and 512Mi/,
      ],
      [() => {}, "limit-refuses", /PersistentVolumeClaim/, /claim opencode-ha: it asks for 5Gi, and 1Gi/],
      [
        manifest(
          "quota.yaml",
          "v1",
          "ResourceQuota",
          '  hard:\n    limits.memory: 1536Mi\n    persistentvolumeclaims: "3"\n    requests.storage: 8Gi\n    pods: "1"\n',
        ),
        "quota-short",
        /limits\.memory/,
        /1536Mi of limits\.memory.*2048Mi/,
      ],
      [() => {}, "quota-short", /persistentvolumeclaims/, /need 5/],
      [() => {}, "quota-short", /requests\.storage/, /need 10240Mi/],
      [() => {}, "quota-short", /pods/, /1 of pods/],
      [() => {}, "quota-short", /limits\.memory/, /mover of ReplicationSource opencode-flux says nothing/],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, Edit[]> = {
  "namespaces that are wide enough": [
    manifest(
      "limits.yaml",
      "v1",
      "LimitRange",
      "  limits:\n    - { type: Container, max: { memory: 2Gi }, min: { memory: 64Mi }, default: { memory: 512Mi }, defaultRequest: { memory: 128Mi } }\n    - { type: PersistentVolumeClaim, max: { storage: 20Gi } }\n",
    ),
    manifest(
      "quota.yaml",
      "v1",
      "ResourceQuota",
      '  hard:\n    limits.memory: 8Gi\n    persistentvolumeclaims: "10"\n    requests.storage: 100Gi\n    pods: "10"\n',
    ),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
