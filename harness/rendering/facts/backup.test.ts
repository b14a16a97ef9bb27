import { expect, it } from "vitest";
import { app, deployment, factsOf, object } from "./test-workload.ts";

const workload = deployment({
  containers: [app],
  volumes: [
    { name: "config", persistentVolumeClaim: { claimName: "config" } },
    { name: "data", persistentVolumeClaim: { claimName: "data" } },
  ],
});
const source = (name: string, sourcePVC: string) =>
  object("ReplicationSource", name, { spec: { sourcePVC, restic: { repository: `${name}-secret` } } });
const claim = (dataSourceRef: object) => object("PersistentVolumeClaim", "data", { spec: { dataSourceRef } });

it("is the source that names one of the workspace's claims", () => {
  expect(factsOf(workload, source("other", "elsewhere"), source("nightly", "data")).backup).toEqual({
    source: "nightly",
    secret: "nightly-secret",
    claim: "data",
  });
});

it("is also the source of its name, which names a claim that is none of its own", () => {
  expect(factsOf(workload, source("garden", "gardens")).backup).toMatchObject({
    source: "garden",
    claim: "config",
  });
});

it("is none where no source is about it, or its mover is not restic", () => {
  const rsync = object("ReplicationSource", "garden", { spec: { sourcePVC: "data", rsyncTLS: {} } });
  expect(factsOf(workload, source("other", "elsewhere"), rsync).backup).toBeUndefined();
});

it("knows what a new claim is filled from", () => {
  const reference = { apiGroup: "volsync.backube", kind: "ReplicationDestination", name: "garden-dst" };
  const backups = [reference, { ...reference, kind: "VolumeSnapshot" }].map(
    (dataSourceRef) => factsOf(workload, source("garden", "data"), claim(dataSourceRef)).backup,
  );
  expect(backups.map((backup) => backup?.destination)).toEqual(["garden-dst", undefined]);
});
