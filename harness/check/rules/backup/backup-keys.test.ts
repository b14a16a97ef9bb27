// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../../../base/index.ts";
import { directoryWith } from "../../../gitops/test-directory.ts";
import { checkTree } from "../../check-tree.ts";
import { added, backup, claim, expectFound, expectNothing, type Mistake, text } from "../test-check.ts";

const source = "  sourcePVC:";
const option = (line: string) =>
  text(backup, "    pruneIntervalDays: 7\n", `    pruneIntervalDays: 7\n    ${line}\n`);
const copied =
  '    storageClassName: "${VOLSYNC_STORAGECLASS:-ceph-block}"\n    volumeSnapshotClassName: "${VOLSYNC_SNAPSHOTCLASS:-csi-ceph-blockpool}"\n---';
/** What is said of the tree with another text in one of its own files, in whose place the small home has another. */
async function ofOwn(file: string, from: string, to: string) {
  const copy = await directoryWith({});
  await cp(join(checkoutDir, "manifests"), copy, { recursive: true });
  const path = join(copy, "kubernetes/templates/volsync", file);
  await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
  const { findings } = await checkTree({ manifests: copy, isOfAllFiles: true });
  return findings.map(({ id, severity, message }) => `${severity} ${id}: ${message}`);
}

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "passwords and keys with which no backup is read": [
    [
      text(backup, "{{ .VOLSYNC_RESTIC_PASSWORD }}", "{{ randAlphaNum 32 }}"),
      "backup-unreadable",
      /RESTIC_PASSWORD/,
      /never be read again/,
    ],
    [
      text(backup, "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"),
      "backup-refused",
      /AWS_SECRET_KEY/,
      /no AWS_SECRET_ACCESS_KEY, and AWS_SECRET_KEY/,
    ],
    [
      option("customCA: { secretName: minio-ca, key: ca.crt }"),
      "mover-never-starts",
      /customCA/,
      /Secret opencode\/minio-ca/,
    ],
    [
      option("moverServiceAccount: mover"),
      "mover-never-starts",
      /moverServiceAccount/,
      /ServiceAccount opencode\/mover/,
    ],
    [
      option("moverResources: { limits: { memory: 32Mi } }"),
      "backup-shortly-kept",
      /moverResources/,
      /32Mi of memory/,
    ],
    [
      text(backup, "      hourly: 24\n      daily: 7\n      weekly: 5\n", "      within: 2h\n"),
      "backup-shortly-kept",
      /retain/,
      /backups of 2 h/,
    ],
    [
      text(backup, '    schedule: "${VOLSYNC_SCHEDULE:-0 * * * *}"', "    manual: first"),
      "backup-once",
      /manual/,
      /trigger\.manual: first/,
    ],
    [
      text(backup, copied, copied.replace("${VOLSYNC_STORAGECLASS:-ceph-block}", "openebs-hostpath")),
      "mover-never-starts",
      /storageClassName/,
      /no snapshot becomes one/,
    ],
  ],
  "a password that stands in Git, and keys in each other's place": [
    [
      text(backup, '"{{ .VOLSYNC_RESTIC_PASSWORD }}"', "restic"),
      "backup-password-in-git",
      /RESTIC_PASSWORD/,
      /stands in Git/,
    ],
    [
      (tree) => {
        text(backup, "{{ .MINIO_ROOT_PASSWORD }}", "{{ .OTHER }}")(tree);
        text(backup, "{{ .MINIO_ROOT_USER }}", "{{ .MINIO_ROOT_PASSWORD }}")(tree);
        text(backup, "{{ .OTHER }}", "{{ .MINIO_ROOT_USER }}")(tree);
      },
      "backup-refused",
      /AWS_ACCESS_KEY_ID/,
      /look exchanged/,
    ],
  ],
  "a password that is changed one day": [
    [
      (tree) => {
        text(backup, "{{ .VOLSYNC_RESTIC_PASSWORD }}", "{{ .OPENCODE_HA_SERVER_PASSWORD }}")(tree);
        text(
          backup,
          "    - find:\n        path: MINIO_ROOT_\n",
          "    - find:\n        path: OPENCODE_HA_\n    - find:\n        path: MINIO_ROOT_\n",
        )(tree);
      },
      "backup-unreadable",
      /RESTIC_PASSWORD/,
      /OPENCODE_HA_SERVER_PASSWORD, which a workspace has/,
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

it("has nothing against movers and claims that have what they need", { timeout: 300_000 }, async () => {
  await expectNothing("manifests", [
    added(
      "by-hand.yaml",
      `apiVersion: v1
kind: PersistentVolume
metadata: { name: pv-old }
spec: { capacity: { storage: 5Gi }, accessModes: [ReadWriteOnce], csi: { driver: rook-ceph.rbd.csi.ceph.com, volumeHandle: old } }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: mover, namespace: opencode }
`,
    ),
    text(claim, "  resources:\n", "  volumeMode: Filesystem\n  volumeName: pv-old\n  resources:\n"),
    option("moverServiceAccount: mover"),
    option("moverResources: { limits: { memory: 1Gi } }"),
    text(backup, "      hourly: 24\n      daily: 7\n      weekly: 5\n", "      within: 30d\n"),
    text(backup, source, `${source.replace("sourcePVC:", "paused: false")}\n${source}`),
    text(backup, "{{ .VOLSYNC_RESTIC_PASSWORD }}", "{{ .VOLSYNC_RESTIC_PASSWORD | trim }}"),
    text(
      backup,
      "        AWS_ACCESS_KEY_ID",
      '        AWS_DEFAULT_REGION: "house"\n        AWS_ACCESS_KEY_ID',
    ),
  ]);
});

it.each([
  ["claim.yaml", 'name: "${APP}"', "name: opencode", /error claim-missing: .*\(with the tree's own files/],
  ["kustomization.yaml", "  - ./replicationsource.yaml\n", "", /file-not-listed: replicationsource\.yaml/],
  ["replicationsource.yaml", "    pruneIntervalDays: 7\n", "    pruneIntervalDays: 14\n", undefined],
])("says of the tree's own %s what becomes of it", { timeout: 300_000 }, async (file, from, to, said) => {
  const findings = await ofOwn(file, from, to);
  if (said === undefined) expect(findings).toEqual([]);
  else expect(findings).toContainEqual(expect.stringMatching(said));
});
