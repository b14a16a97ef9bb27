import { expect, it } from "vitest";
import { innermostMount } from "./innermost-mount.ts";

const mounts = ["/", "/home/user/work", "/home/user", "/home/user/workspace"].map((mountPath) => ({
  mountPath,
}));

it.each([
  ["/etc/passwd", "/"],
  ["/home/user/.bashrc", "/home/user"],
  ["/home/user/work", "/home/user/work"],
  ["/home/user/work/a/b", "/home/user/work"],
  ["/home/user/workspace/a", "/home/user/workspace"],
])("finds the mount of %s", (path, mountPath) => {
  expect(innermostMount(mounts, path)).toEqual({ mountPath });
});

it("finds none where nothing is mounted", () => {
  expect(innermostMount([{ mountPath: "/data" }], "/database")).toBeUndefined();
  expect(innermostMount(undefined, "/data")).toBeUndefined();
});
