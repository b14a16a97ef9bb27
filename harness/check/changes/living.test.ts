// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../../base/index.ts";
import { renderHome } from "../../home/index.ts";
import { livingRules } from "../all-rules.ts";
import { findingsOf } from "../check-tree.ts";
import { inspect } from "../reading/inspected.ts";
import { added, type Edit, ks, release, text } from "../rules/test-check.ts";

const timeout = 120_000;
const template = (file: string) => `kubernetes/templates/volsync/${file}`;
const repository = "kubernetes/components/volsync/externalsecret.yaml";
const coder = "kubernetes/apps/dev/coder/app/statefulset.yaml";

/** What is told of an edited tree beside the one as it is: severity, rule, line and words. */
async function toldOf(name: string, edits: readonly Edit[], hasBase = true): Promise<string[]> {
  const manifests = join(checkoutDir, name);
  const before = await renderHome({ manifests });
  const after = await renderHome({ manifests, sops: before.sops }, (tree) => {
    for (const edit of edits) edit(tree);
  });
  const inspected = { ...inspect(after), ...(hasBase ? { before: inspect(before) } : {}) };
  const found = await Promise.all(livingRules.map((rule) => findingsOf(rule, inspected)));
  return found.flat().map(({ severity, id, file = "", line = 0, message }) => {
    const text = after.tree.text(file).split("\n")[line - 1] ?? "";
    return `${severity} ${id} «${text.trim()}» ${message}`;
  });
}

const moved = [
  text(release, "subPath: opencode-data", "subPath: sessions"),
  text(release, "subPath: opencode-config", "subPath: settings"),
  text(release, "subPath: workspace", "subPath: code"),
  text(
    template("minio.yaml"),
    "VOLSYNC_REPOSITORY_TEMPLATE }}/${APP}",
    "VOLSYNC_REPOSITORY_TEMPLATE }}/new/${APP}",
  ),
  text(ks, "VOLSYNC_CAPACITY: 5Gi", "VOLSYNC_CAPACITY: 4096Mi"),
  text(template("claim.yaml"), "VOLSYNC_STORAGECLASS:-ceph-block", "VOLSYNC_STORAGECLASS:-ceph-fast"),
];

it("tells what a living volume minds", { timeout }, async () => {
  expect(await toldOf("manifests", moved)).toEqual(
    [
      /^error living-claim-refused «storageClassName: .*» claim opencode-flux changes storageClassName from ceph-block to ceph-fast/,
      /^error living-claim-refused «storageClassName: .*» claim opencode-ha changes storageClassName from ceph-block to ceph-fast/,
      /^error living-claim-refused «VOLSYNC_CAPACITY: 4096Mi» claim opencode-ha changes its size from 5Gi to 4096Mi/,
      /^warning living-data-moved «subPath: sessions» what opencode-ha has of sessions and login is not found: it is at subPath opencode-data of claim opencode-ha, and OpenCode looks at subPath sessions of claim/,
      /^warning living-data-moved «subPath: code» what opencode-ha has of code is not found: it is at subPath workspace\/home-assistant-config/,
      /^warning living-data-moved «subPath: settings» what opencode-ha has of settings/,
      /^warning living-backups-moved «RESTIC_REPOSITORY: .*» the backups of opencode-flux .*are in \{\{ \.VOLSYNC_REPOSITORY_TEMPLATE \}\}\/opencode-flux, and the next go to .*\/new\/opencode-flux/,
      /^warning living-backups-moved «RESTIC_REPOSITORY: .*» the backups of opencode-ha /,
    ].map((words) => expect.stringMatching(words)),
  );
});

it("tells that what is on the volume is another user's", { timeout }, async () => {
  const told = await toldOf("manifests", [text(release, "runAsUser: 1000", "runAsUser: 1001")]);
  expect(told).toEqual([
    expect.stringMatching(
      /^error living-files-of-another «runAsUser: 1001» .*app.* of opencode-ha is to run as user 1001, and what is on the volume belongs to 1000/,
    ),
  ]);
  expect(await toldOf("manifests", [text(release, "runAsGroup: 1000", "runAsGroup: 1001")])).toEqual([]);
});

it("tells it with a base alone", { timeout }, async () => {
  expect(await toldOf("manifests", moved, false)).toEqual([]);
});

it("tells that another claim has nothing of the work on it", { timeout }, async () => {
  const told = await toldOf("manifests", [
    text(release, "existingClaim: opencode-ha", "existingClaim: opencode-new"),
  ]);
  expect(told).toHaveLength(3);
  for (const one of told)
    expect(one).toMatch(
      /^warning living-data-moved «existingClaim: opencode-new» .* of claim opencode-ha, and .* of claim opencode-new/,
    );
});

it("tells what Kubernetes refuses of a StatefulSet that is there", { timeout }, async () => {
  const told = await toldOf("fixtures/trees/statefulset", [
    text(coder, "app: coder\n", "app: other\n"),
    text(coder, "serviceName: coder-pods", "serviceName: coder"),
    text(coder, "storage: 5Gi", "storage: 10Gi"),
  ]);
  expect(told).toEqual(
    ["selector", "serviceName", "volumeClaimTemplates"].map((field) =>
      expect.stringMatching(
        new RegExp(
          `^error living-workload-refused «${field}:.*» StatefulSet coder changes its ${field}, which Kubernetes refuses`,
        ),
      ),
    ),
  );
});

const clone = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: opencode-new }
spec:
  accessModes: [ReadWriteOnce]
  dataSource: { kind: PersistentVolumeClaim, name: opencode-ha }
  resources: { requests: { storage: 5Gi } }
`;

it.each([
  ["a larger volume", "manifests", [text(ks, "VOLSYNC_CAPACITY: 5Gi", "VOLSYNC_CAPACITY: 10Gi")]],
  [
    "the same volume elsewhere in the container, and another directory to work in",
    "manifests",
    [
      text(release, "- path: /workspace", "- path: /srv/code"),
      text(release, "workingDir: /workspace/home-assistant-config", "workingDir: /srv/code"),
      text(
        release,
        "                subPath: opencode-config\n",
        "                subPath: ./opencode-config\n",
      ),
    ],
  ],
  [
    "a claim that is filled from the one before",
    "manifests",
    [text(release, "existingClaim: opencode-ha", "existingClaim: opencode-new"), added("claim.yaml", clone)],
  ],
  [
    "a claim that Flux leaves alone, and defaults that are written out",
    "manifests",
    [
      text(ks, "VOLSYNC_CAPACITY: 5Gi", "VOLSYNC_CAPACITY: 1Gi"),
      text(
        template("claim.yaml"),
        "metadata:\n",
        "metadata:\n  annotations: { kustomize.toolkit.fluxcd.io/ssa: IfNotPresent }\n",
      ),
      text(template("claim.yaml"), "spec:\n", "spec:\n  volumeMode: Filesystem\n"),
    ],
  ],
  [
    "a class where the cluster has given one",
    "fixtures/trees/one-base",
    [
      text(
        "kubernetes/apps/workspaces/base/claim.yaml",
        "spec:\n",
        "spec:\n  storageClassName: ceph-block\n",
      ),
    ],
  ],
  [
    "an address of the same key under another name",
    "fixtures/trees/single",
    [
      text(repository, "{{ .VOLSYNC_REPOSITORY_TEMPLATE }}", "{{.PLACE}}"),
      text(
        repository,
        "  dataFrom:\n",
        "  data:\n    - { secretKey: PLACE, remoteRef: { key: VOLSYNC_REPOSITORY_TEMPLATE } }\n  dataFrom:\n",
      ),
    ],
  ],
] satisfies [string, string, Edit[]][])("has nothing against %s", { timeout }, async (_, tree, edits) => {
  expect(await toldOf(tree, edits)).toEqual([]);
});
