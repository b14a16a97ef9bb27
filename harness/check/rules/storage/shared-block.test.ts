// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import { added, claim, type Edit, expectSilence, substitute, text } from "../test-check.ts";

/** What looks like it, and is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "claims of other kinds": [
    "manifests",
    [
      added(
        "claims.yaml",
        `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: by-hand, namespace: opencode, labels: { kustomize.toolkit.fluxcd.io/prune: disabled } }
spec: { accessModes: [ReadWriteOnce], volumeName: by-hand, resources: { requests: { storage: 1Mi } } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: device, namespace: opencode, labels: { kustomize.toolkit.fluxcd.io/prune: disabled } }
spec: { accessModes: [ReadWriteMany], volumeMode: Block, resources: { requests: { storage: 1Gi } } }
`,
      ),
    ],
  ],
  "a claim of a default class that can be shared": [
    "manifests",
    [
      text(claim, '  storageClassName: "${VOLSYNC_STORAGECLASS:-ceph-block}"\n', ""),
      substitute("VOLSYNC_ACCESSMODES: ReadWriteMany"),
      added(
        "class.yaml",
        `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: cephfs, annotations: { storageclass.kubernetes.io/is-default-class: "true" } }
provisioner: rook-ceph.cephfs.csi.ceph.com
`,
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectSilence(tree, edits);
});
