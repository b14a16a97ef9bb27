import { expect, it } from "vitest";
import { checked, flux, home, object, toStudio } from "../test-other-home.ts";

it("leaves an authority that others take too for its owner to judge", async () => {
  const source = (name: string, secretName: string) =>
    object(
      "ReplicationSource",
      name,
      "ai",
      { spec: { sourcePVC: "studio", restic: { repository: "x", customCA: { secretName, key: "ca.crt" } } } },
      "volsync.backube/v1alpha1",
    );
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/chess-ks.yaml": flux("chess", "./kubernetes/apps/ai/chess", {
      targetNamespace: "ai",
    }),
    "kubernetes/apps/ai/kustomization.yaml": "resources: [./ks.yaml, ./chess-ks.yaml]\n",
    "kubernetes/apps/ai/chess/source.yaml": source("chess", "house"),
    "kubernetes/apps/ai/app/source.yaml": source("studio", "house"),
    "kubernetes/apps/ai/app/other.yaml": source("other", "nobody"),
  });
  expect(said.filter((one) => / mover-never-starts: .*(studio|other) /.test(one)).sort()).toEqual([
    expect.stringMatching(/^error .*other asks Secret ai\/nobody/),
    expect.stringMatching(/^warning .*studio asks Secret ai\/house/),
  ]);
});

it("says nothing of the backups of applications beside OpenCode", { timeout: 120_000 }, async () => {
  const replication = (kind: string, name: string, spec: object) =>
    object(kind, name, "ai", { spec }, "volsync.backube/v1alpha1");
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/chess-ks.yaml": flux("chess", "./kubernetes/apps/ai/chess", {
      targetNamespace: "ai",
    }),
    "kubernetes/apps/ai/kustomization.yaml": "resources: [./ks.yaml, ./chess-ks.yaml]\n",
    "kubernetes/apps/ai/chess/source.yaml": replication("ReplicationSource", "chess", {
      sourcePVC: "chess-of-its-chart",
      restic: { repository: "chess-of-its-chart", copyMethod: "Direct" },
    }),
    "kubernetes/apps/ai/chess/destination.yaml": replication("ReplicationDestination", "chess-dst", {
      trigger: { manual: "once" },
      restic: { repository: "chess-of-its-chart", copyMethod: "Snapshot", capacity: "1Gi" },
    }),
    "kubernetes/apps/ai/app/source.yaml": replication("ReplicationSource", "studio", {
      sourcePVC: "studoi",
      restic: { repository: "studio-of-nobody", copyMethod: "Direct" },
    }),
  });
  expect(said.filter((one) => one.includes("chess"))).toEqual([]);
  const words = [
    /^error backup-of-nothing: ReplicationSource studio backs up claim ai\/studoi/,
    /^error backup-repository: ReplicationSource studio takes its repository from Secret ai\/studio-of-nobody/,
    /^warning backup-direct: ReplicationSource studio/,
  ];
  for (const one of words) expect.soft(said).toContainEqual(expect.stringMatching(one));
});
