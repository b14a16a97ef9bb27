import type { Component, PlatformInputs } from "./component.ts";
import { controller, namespace } from "./controller.ts";

/** The home cluster's place for everything about backups. */
export const volsyncNamespace = "volsync-system";

/** What makes a VolumeSnapshot of any driver into a content that its sidecar fills. */
export const snapshotController: Component = {
  name: "snapshot-controller",
  objects: ({ images }: PlatformInputs) => [
    namespace(volsyncNamespace),
    ...controller({
      name: "snapshot-controller",
      namespace: volsyncNamespace,
      image: images.snapshotController,
      serves: ["snapshot.storage.k8s.io"],
      args: ["--retry-interval-start=250ms", "--kube-api-qps=50", "--kube-api-burst=100"],
    }),
  ],
  ledger: () => [],
};
