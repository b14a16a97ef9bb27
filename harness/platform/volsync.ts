import type { Component } from "./component.ts";
import { definition } from "./definition.ts";

/** VolSync's kinds, so that manifests that use them apply. */
export const volsync: Component = {
  name: "volsync",
  objects: () =>
    ["ReplicationSource", "ReplicationDestination"].map((kind) =>
      definition({ group: "volsync.backube", version: "v1alpha1", kind }),
    ),
  ledger: () => [
    {
      part: "VolSync",
      production:
        "backs the claims up to object storage on a schedule, and can fill a new claim from a backup",
      here: "its two kinds exist and accept any content; no mover runs",
      why: "VolSync is not to be had as a package",
      hides: "every fault of a backup or a restore; a misspelt field of a ReplicationSource",
    },
  ],
};
