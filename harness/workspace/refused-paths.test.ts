import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { fakeBeside } from "./fake-beside.ts";
import { look, ownersOfRefused, refusedPaths } from "./refused-paths.ts";

it.each([
  ["busybox", "mkdir: can't create directory '/data/workspace': Permission denied", "/data/workspace"],
  ["GNU", "mkdir: cannot create directory \u2018/data/workspace\u2019: Permission denied", "/data/workspace"],
  ["git", "fatal: could not create work tree dir '/data/repo': Permission denied", "/data/repo"],
  ["a shell", "sh: line 3: /data/../data/auth.json: Permission denied", "/data/auth.json"],
  ["chmod", "chmod: /data/auth.json: Operation not permitted", "/data/auth.json"],
  ["OpenCode", "EACCES: permission denied, mkdir '/data/opencode'", "/data/opencode"],
])("reads what was refused, as %s says it", (_who, line, path) => {
  expect(refusedPaths(`first\n${line}\nlast`)).toEqual([path]);
});

it("takes nothing else for a path", () => {
  const others = [
    "git@github.com: Permission denied (publickey).",
    "all is well: /data",
    "mkdir: 'opencode/log': Permission denied",
  ];
  expect(refusedPaths(others.join("\n"))).toEqual([]);
});

const refused = (path: string) => `mkdir: can't create directory '${path}': Permission denied`;

it("tells mode and owner from the mount down, and as whom the container runs", async () => {
  const { pod, cluster, asked } = fakeBeside("/data", () => "drwxr-xr-x of 0:0\ndr-x------ of 1000:1000\n\n");
  const container = pod.spec?.containers[0] as NonNullable<typeof pod.spec>["containers"][0];
  expect(await ownersOfRefused(cluster, { pod, container, log: refused("/data/opencode/log") })).toBe(
    "app runs as 1000:1001 with fsGroup 1002; on its volume is /data: drwxr-xr-x of 0:0, /data/opencode: dr-x------ of 1000:1000, /data/opencode/log: not there",
  );
  expect(asked.map(({ command }) => command.slice(3))).toEqual([
    [
      "sh",
      "/var/lib/kubelet/pods/pod-uid/volumes/kubernetes.io~csi/pv-1/mount",
      "work",
      "work/opencode",
      "work/opencode/log",
    ],
  ]);
});

it.each([
  ["lies on the image's own file system", refused("/root/x")],
  ["nobody was refused", "fatal: Authentication failed"],
])("asks nobody where what was refused %s", async (_title, log) => {
  const { pod, cluster, asked } = fakeBeside("/data", () => "");
  const container = pod.spec?.containers[0] as NonNullable<typeof pod.spec>["containers"][0];
  expect(await ownersOfRefused(cluster, { pod, container, log })).toBe("");
  expect(asked).toEqual([]);
});

it("says nothing of a volume that is not where CSI's are", async () => {
  const { pod, cluster } = fakeBeside("/data", () => "\n\n");
  const container = pod.spec?.containers[0] as NonNullable<typeof pod.spec>["containers"][0];
  expect(await ownersOfRefused(cluster, { pod, container, log: refused("/data/x") })).toBe("");
});

it("looks with a shell's own tools", async () => {
  const root = await mkdtemp(join(tmpdir(), "refused-"));
  await mkdir(join(root, "work/a b"), { recursive: true, mode: 0o750 });
  const { stdout } = await execa("sh", ["-c", look, "sh", root, "work", "work/a b", "work/missing"], {
    stripFinalNewline: false,
  });
  expect(stdout.split("\n").map((line) => line.replace(/\d+/g, "N"))).toEqual([
    expect.stringMatching(/^drwx\S+ of N:N$/),
    "drwxr-x--- of N:N",
    "",
    "",
  ]);
});
