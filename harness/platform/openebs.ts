import { poolDir } from "../cluster/index.ts";
import type { Component, KubeObject, PlatformInputs } from "./component.ts";
import { controller, namespace } from "./controller.ts";

const home = "openebs-system";
/** Every node sees it, so one provisioner makes the directories of all. */
const root = `${poolDir}/openebs`;

/** `openebs-hostpath`, where the home's movers have their caches. */
export const openebs: Component = {
  name: "openebs",
  objects: ({ images }: PlatformInputs) => [
    namespace(home),
    storageClass,
    ...controller({
      name: "openebs-localpv-provisioner",
      namespace: home,
      image: images.fixtures,
      command: ["node", "/fixtures/openebs.js"],
      env: [{ name: "ROOT", value: root }],
      securityContext: { runAsUser: 0 },
      volumeMounts: [{ name: "root", mountPath: root }],
      volumes: [{ name: "root", hostPath: { path: root, type: "DirectoryOrCreate" } }],
    }),
  ],
  ledger: () => [
    {
      part: "OpenEBS",
      production: "a directory of the node's own disk, made by a pod on that node",
      here: "a directory of the storage that all nodes share, made by a provisioner of the harness and bound to the node",
      why: "a pod for each directory takes seconds",
      hides: "a node's full disk; that such a volume is lost with its node",
    },
  ],
};

const storageClass: KubeObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "openebs-hostpath" },
  provisioner: "openebs.io/local",
  reclaimPolicy: "Delete",
  volumeBindingMode: "WaitForFirstConsumer",
};
