import type { Component, PlatformInputs } from "./component.ts";
import { controller } from "./controller.ts";
import { volsyncNamespace } from "./snapshots.ts";

/** Backs claims up, and fills a new claim from a backup. */
export const volsync: Component = {
  name: "volsync",
  objects: ({ images }: PlatformInputs) =>
    controller({
      name: "volsync",
      namespace: volsyncNamespace,
      image: images.volsync,
      serves: ["volsync.backube", "snapshot.storage.k8s.io"],
      command: ["/manager"],
      args: ["--health-probe-bind-address=:8081", `--restic-container-image=${images.volsync}`],
      ready: { path: "/readyz", port: 8081 },
    }),
  ledger: () => [
    {
      part: "VolSync",
      production: "VolSync 0.15 with its movers for restic, rclone, rsync and syncthing",
      here: "a controller and a mover of the harness around Debian's restic, with the kinds of VolSync 0.14: the restic mover only, its pods and their rights as VolSync makes them; tries again after a second at most",
      why: "VolSync cannot be built from packages: its modules depend on those that no proxy has",
      hides: "faults of VolSync itself, another version of restic, a mover's volumes that came with 0.15",
    },
    {
      part: "MinIO",
      production: "MinIO on the house's storage server, minio.home.arpa",
      here: "versitygw under that name, empty at the start, in memory; every account may do everything",
      why: "MinIO is not to be had as a package, and nothing leaves the machine",
      hides: "policies of MinIO, a full or slow storage server, backups of before",
    },
  ],
};
