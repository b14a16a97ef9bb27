import { poolDir } from "../cluster/index.ts";
import type { Component, KubeObject, PlatformInputs } from "./component.ts";
import { controller, namespace } from "./controller.ts";
import { smallRequests } from "./placement.ts";

/** As Rook names it. */
export const cephDriver = "rook-ceph.rbd.csi.ceph.com";
const home = "rook-ceph";
const kubelet = "/var/lib/kubelet";
const plugin = `${kubelet}/plugins/${cephDriver}`;
const socket = "/csi/csi.sock";
const run = ["node", "/fixtures/ceph.js"];

/** `ceph-block`, the home cluster's default storage class. */
export const cephBlock: Component = {
  name: "rook-ceph-cluster",
  objects: ({ images }: PlatformInputs) => [
    namespace(home),
    storageClass,
    driver,
    ...provisionerAndAttacher(images),
    nodeDriver(images.fixtures),
  ],
  ledger: () => [
    {
      part: "Rook Ceph",
      production: "Rook 1.18 with three replicated OSDs; ceph-csi maps RBD images",
      here: "a CSI driver of the harness: a volume is a sparse ext4 image in a directory that all nodes share; real external-provisioner and external-attacher",
      why: "neither disks nor the rbd kernel module are there",
      hides:
        "replication and its failures, throughput, snapshots, growing a claim, blocklisting of a dead node's client",
    },
  ],
};

const storageClass: KubeObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: {
    name: "ceph-block",
    annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
  },
  provisioner: cephDriver,
  parameters: { "csi.storage.k8s.io/fstype": "ext4" },
  reclaimPolicy: "Delete",
  allowVolumeExpansion: false,
  volumeBindingMode: "Immediate",
};

const driver: KubeObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "CSIDriver",
  metadata: { name: cephDriver },
  // Attachment is what enforces ReadWriteOnce across nodes; fsGroup is the kubelet's work on every volume.
  spec: {
    attachRequired: true,
    podInfoOnMount: false,
    fsGroupPolicy: "File",
    volumeLifecycleModes: ["Persistent"],
  },
};

function provisionerAndAttacher({
  fixtures,
  csiProvisioner,
  csiAttacher,
}: PlatformInputs["images"]): KubeObject[] {
  const socketMount = { name: "socket", mountPath: "/csi" };
  const sidecar = (name: string, image: string, args: string[]) => ({
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    args: [`--csi-address=${socket}`, "--default-fstype=ext4", "--retry-interval-start=250ms", ...args],
    volumeMounts: [socketMount],
    resources: smallRequests,
  });
  return controller({
    name: "csi-rbdplugin-provisioner",
    namespace: home,
    image: fixtures,
    command: run,
    env: [
      { name: "MODE", value: "controller" },
      { name: "CSI_ENDPOINT", value: `unix://${socket}` },
      { name: "POOL_DIR", value: poolDir },
    ],
    securityContext: { runAsUser: 0 },
    volumeMounts: [socketMount, { name: "pool", mountPath: poolDir }],
    volumes: [
      { name: "socket", emptyDir: {} },
      { name: "pool", hostPath: { path: poolDir, type: "DirectoryOrCreate" } },
    ],
    sidecars: [
      sidecar("csi-provisioner", csiProvisioner, ["--volume-name-prefix=csi-vol", "--extra-create-metadata"]),
      sidecar("csi-attacher", csiAttacher, []),
    ],
  });
}

function nodeDriver(image: string): KubeObject {
  const labels = { app: "csi-rbdplugin" };
  const registration = `${kubelet}/plugins_registry`;
  const directories = { plugin, registration, pool: poolDir, kubelet, dev: "/dev" };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "csi-rbdplugin", namespace: home, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          priorityClassName: "system-node-critical",
          tolerations: [{ operator: "Exists" }],
          containers: [
            {
              name: "csi-rbdplugin",
              image,
              imagePullPolicy: "IfNotPresent",
              command: run,
              env: [
                { name: "MODE", value: "node" },
                { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
                { name: "CSI_ENDPOINT", value: `unix://${socket}` },
                { name: "KUBELET_ENDPOINT", value: `${plugin}/csi.sock` },
                { name: "REGISTRATION_SOCKET", value: `/registration/${cephDriver}-reg.sock` },
                { name: "POOL_DIR", value: poolDir },
              ],
              securityContext: { privileged: true },
              resources: smallRequests,
              volumeMounts: [
                { name: "plugin", mountPath: "/csi" },
                { name: "registration", mountPath: "/registration" },
                { name: "pool", mountPath: poolDir },
                // What the driver mounts for a pod must be seen by the kubelet.
                { name: "kubelet", mountPath: kubelet, mountPropagation: "Bidirectional" },
                { name: "dev", mountPath: "/dev" },
              ],
            },
          ],
          volumes: Object.entries(directories).map(([name, path]) => ({
            name,
            hostPath: { path, type: "DirectoryOrCreate" },
          })),
        },
      },
    },
  };
}
