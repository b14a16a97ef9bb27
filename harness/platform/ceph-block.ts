import { poolDir } from "../cluster/index.ts";
import type { Component, KubeObject, PlatformInputs } from "./component.ts";
import { controller, namespace } from "./controller.ts";
import { nodeRoot, nodeTools } from "./node-tools.ts";
import { smallRequests } from "./placement.ts";

/** As Rook names it. */
export const cephDriver = "rook-ceph.rbd.csi.ceph.com";
const home = nodeTools.namespace;
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
    snapshotClass,
    driver,
    ...controllerAndSidecars(images),
    nodeDriver(images.fixtures),
  ],
  ledger: () => [
    {
      part: "Rook Ceph",
      production: "Rook 1.18 with three replicated OSDs; ceph-csi maps RBD images",
      here: "a CSI driver of the harness: a volume is a sparse ext4 image in a directory that all nodes share; real external-provisioner, -attacher, -snapshotter and -resizer. Where the kernel keeps it from growing a mounted file system (no CAP_SYS_RESOURCE), a larger claim shows its room when it is mounted next",
      why: "neither disks nor the rbd kernel module are there",
      hides:
        "replication and its failures, throughput, the time that a snapshot of a large volume takes, blocklisting of a dead node's client",
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
  allowVolumeExpansion: true,
  volumeBindingMode: "Immediate",
};

/** As the home cluster's Rook makes it for its pool; no default. */
const snapshotClass: KubeObject = {
  apiVersion: "snapshot.storage.k8s.io/v1",
  kind: "VolumeSnapshotClass",
  metadata: { name: "csi-ceph-blockpool" },
  driver: cephDriver,
  deletionPolicy: "Delete",
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

/** Their own limit of five requests a second is a cluster's, where many of them share one API server. */
const sidecarArgs = [
  `--csi-address=${socket}`,
  "--retry-interval-start=250ms",
  "--kube-api-qps=50",
  "--kube-api-burst=100",
];

const sidecar = (name: string, image: string, args: string[]) => ({
  name,
  image,
  imagePullPolicy: "IfNotPresent",
  args: [...sidecarArgs, ...args],
  volumeMounts: [{ name: "socket", mountPath: "/csi" }],
  resources: smallRequests,
});

function controllerAndSidecars(images: PlatformInputs["images"]): KubeObject[] {
  return controller({
    name: "csi-rbdplugin-provisioner",
    namespace: home,
    image: images.fixtures,
    serves: ["snapshot.storage.k8s.io"],
    command: run,
    env: [
      { name: "MODE", value: "controller" },
      { name: "CSI_ENDPOINT", value: `unix://${socket}` },
      { name: "POOL_DIR", value: poolDir },
    ],
    securityContext: { runAsUser: 0 },
    volumeMounts: [
      { name: "socket", mountPath: "/csi" },
      { name: "pool", mountPath: poolDir },
    ],
    volumes: [
      { name: "socket", emptyDir: {} },
      { name: "pool", hostPath: { path: poolDir, type: "DirectoryOrCreate" } },
    ],
    sidecars: [
      sidecar("csi-provisioner", images.csiProvisioner, [
        "--volume-name-prefix=csi-vol",
        "--extra-create-metadata",
        "--default-fstype=ext4",
      ]),
      sidecar("csi-attacher", images.csiAttacher, ["--default-fstype=ext4"]),
      sidecar("csi-snapshotter", images.csiSnapshotter, ["--snapshot-name-prefix=csi-snap"]),
      sidecar("csi-resizer", images.csiResizer, []),
    ],
  });
}

function nodeDriver(image: string): KubeObject {
  const { labels } = nodeTools;
  const registration = `${kubelet}/plugins_registry`;
  const directories = { plugin, registration, pool: poolDir, kubelet, dev: "/dev", node: "/" };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: labels.app, namespace: home, labels },
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
              name: nodeTools.container,
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
            lookout(image),
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

/** Does nothing by itself: commands run in it. */
const lookout = (image: string) => ({
  name: nodeTools.lookout,
  image,
  imagePullPolicy: "IfNotPresent",
  command: ["sh", "-c", "trap exit TERM; sleep infinity & wait"],
  securityContext: { privileged: true },
  resources: smallRequests,
  // What the node unmounts goes here too, or nothing could be detached.
  volumeMounts: [{ name: "node", mountPath: nodeRoot, mountPropagation: "HostToContainer" }],
});
