import type { V1Pod, V1Volume } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import type { Cluster } from "../cluster/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { DeployedWorkspace } from "./deployed-workspace.ts";
import { keptOn, placeOnVolume, volumeBehind } from "./volume.ts";

function podWith(mounts: [path: string, volume: string][], volumes: V1Volume[]): V1Pod {
  const volumeMounts = mounts.map(([mountPath, name]) => ({ mountPath, name }));
  return {
    metadata: { name: "pod-1", namespace: "opencode" },
    spec: { containers: [{ name: "app", volumeMounts }], volumes },
  };
}

const claim = (name: string, claimName: string): V1Volume => ({ name, persistentVolumeClaim: { claimName } });

/** A workspace in a cluster with one claim. */
function workspaceWith(volumeName?: string): DeployedWorkspace {
  const find = async ({ name }: { name: string }) =>
    name === "work" ? { metadata: { uid: "uid-1" }, spec: { volumeName } } : undefined;
  const cluster = { objects: { find } } as unknown as Cluster;
  return new DeployedWorkspace(testFacts(), cluster, { host: "127.0.0.1", httpsPort: 443, caPem: "" });
}

it("knows where a directory lies on its volume", () => {
  const pod = podWith([["/home/me/data", "data"]], [claim("data", "work")]);
  const place = (directory: string) => placeOnVolume(workspaceWith(), pod, directory);
  expect([place("/home/me/data"), place("/home/me/data/of/code")]).toEqual(["/", "/of/code"]);
  const [container] = pod.spec?.containers ?? [];
  Object.assign(container?.volumeMounts?.[0] ?? {}, { subPath: "sessions" });
  expect([place("/home/me/data"), place("/home/me/data/of/code")]).toEqual([
    "/sessions",
    "/sessions/of/code",
  ]);
  expect(() => place("/elsewhere")).toThrow(
    "/elsewhere of pod pod-1 is kept on the container's own file system",
  );
});

it("says what keeps a directory", () => {
  const pod = podWith(
    [
      ["/data", "data"],
      ["/tmp", "tmp"],
    ],
    [claim("data", "work"), { name: "tmp", emptyDir: {} }],
  );
  Object.assign(pod.spec?.containers[0]?.volumeMounts?.[0] ?? {}, { subPath: "sessions" });
  const kept = (directory: string) => keptOn(workspaceWith(), pod, directory);
  expect([kept("/data/of"), kept("/tmp/share/opencode"), kept("/opt")]).toEqual([
    "claim work, from /sessions/of",
    "emptyDir",
    "the container's own file system",
  ]);
});

describe("volumeBehind", () => {
  it("is the claim of the innermost mount", async () => {
    const pod = podWith(
      [
        ["/home", "outer"],
        ["/home/opencode/work", "inner"],
      ],
      [{ name: "outer", emptyDir: {} }, claim("inner", "work")],
    );
    expect(await volumeBehind(workspaceWith("pv-1"), pod, "/home/opencode/work/repo")).toEqual({
      claim: "work",
      claimUid: "uid-1",
      volume: "pv-1",
    });
  });

  it("does not take a directory of a similar name for a mount", async () => {
    const pod = podWith([["/data", "data"]], [claim("data", "work")]);
    await expect(volumeBehind(workspaceWith("pv-1"), pod, "/data-of-another")).rejects.toThrow(
      "/data-of-another of pod pod-1 is kept on the container's own file system",
    );
  });

  it("says what the directory is kept on instead of a claim", async () => {
    const pod = podWith([["/data", "data"]], [{ name: "data", emptyDir: {} }]);
    await expect(volumeBehind(workspaceWith(), pod, "/data")).rejects.toMatchObject({
      code: "failed",
      message: expect.stringContaining("is kept on emptyDir, not on a PersistentVolumeClaim"),
    });
  });

  it("refuses a claim that is not bound", async () => {
    const pod = podWith([["/", "data"]], [claim("data", "work")]);
    await expect(volumeBehind(workspaceWith(), pod, "/data")).rejects.toThrow(
      "PersistentVolumeClaim work should be bound to a volume, and is not",
    );
  });
});
