import { expect, it } from "vitest";
import { expectFound, type Mistake, text } from "../test-check.ts";
import { checked, flux, home, object, toStudio } from "../test-other-home.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "backups of which nobody has the repository": [
    "fixtures/trees/single",
    [
      [
        text("kubernetes/components/volsync/replicationsource.yaml", "-volsync-secret", "-volsync"),
        "backup-repository",
        /repository/,
        /nobody makes/,
      ],
      [
        text("kubernetes/components/volsync/claim.yaml", "-dst", "-first"),
        "restore-of-nothing",
        /-first/,
        /Pending/,
      ],
      [
        text("kubernetes/apps/ai/opencode/app/helmrelease.yaml", "- path: /login\n", "- path: /logins\n"),
        "file-missing",
        /\/login\//,
        /at \/logins/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

it("knows classes by those of the home's charts, of made volumes and of k3s", {
  timeout: 120_000,
}, async () => {
  const claimOf = (name: string, storageClassName: string) =>
    object("PersistentVolumeClaim", name, "ai", {
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName,
        resources: { requests: { storage: "1Gi" } },
      },
    });
  const values = {
    priorityClassName: "high",
    storageClasses: [{ storageClass: { name: "fast" } }],
    volumeSnapshotClasses: [
      { name: "snap", annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" } },
    ],
  };
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/app/made.yaml": claimOf("made", "by-hand"),
    "kubernetes/apps/ai/app/unmade.yaml": claimOf("unmade", "of-nobody"),
    "kubernetes/apps/ai/app/volume.yaml": object("PersistentVolume", "made", undefined, {
      spec: {
        storageClassName: "by-hand",
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1Gi" },
        nfs: { server: "nas.example", path: "/made" },
      },
    }),
    "kubernetes/apps/storage/ks.yaml": flux("storage", "./kubernetes/apps/storage/app"),
    "kubernetes/apps/storage/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/storage/app/release.yaml": object(
      "HelmRelease",
      "storage",
      "storage",
      { spec: { interval: "1h", chartRef: { kind: "OCIRepository", name: "storage" }, values } },
      "helm.toolkit.fluxcd.io/v2",
    ),
  });
  expect(said.filter((one) => one.includes(" class-missing: "))).toEqual([
    expect.stringMatching(/StorageClass of-nobody, .* -> name one that the home makes: fast$/),
  ]);
});

it("tells one repository of backups from another by where the store has its address", async () => {
  const repository = (name: string, spec: object) => ({
    [`kubernetes/apps/ai/app/${name}.yaml`]: object(
      "ExternalSecret",
      name,
      "ai",
      {
        spec: {
          secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
          target: {
            template: { data: { RESTIC_REPOSITORY: "{{ .PLACE }}/studio", RESTIC_PASSWORD: "{{ .WORD }}" } },
          },
          ...spec,
        },
      },
      "external-secrets.io/v1",
    ),
    [`kubernetes/apps/ai/app/${name}-source.yaml`]: object(
      "ReplicationSource",
      name,
      "ai",
      { spec: { sourcePVC: "studio", trigger: { schedule: "0 3 * * *" }, restic: { repository: name } } },
      "volsync.backube/v1alpha1",
    ),
  });
  const extract = (key: string) => ({ dataFrom: [{ extract: { key } }] });
  const property = (one: string) => ({
    data: [
      { secretKey: "PLACE", remoteRef: { key: "backups", property: one } },
      { secretKey: "WORD", remoteRef: { key: "backups", property: "word" } },
    ],
  });
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    ...repository("near", extract("minio")),
    ...repository("far", extract("cloud")),
    ...repository("first", property("attic")),
    ...repository("second", property("cellar")),
    ...repository("again", extract("cloud")),
  });
  expect(said.filter((one) => one.includes(" backup-shared: "))).toEqual([
    expect.stringMatching(/ReplicationSource (far and again|again and far) /),
  ]);
});
