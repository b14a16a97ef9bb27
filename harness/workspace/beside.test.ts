import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, describe, expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import { besideIt, runBeside, unshared } from "./beside.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";
import { fakeBeside } from "./fake-beside.ts";

function stage(answer: (script: string) => string = () => "") {
  const fake = fakeBeside("/workspace", answer);
  const { cluster, appContainer } = fake;
  const workspace = { name: "opencode-flux", readyPod: async () => fake.pod, cluster, appContainer };
  return { ...fake, workspace: workspace as unknown as DeployedWorkspace };
}

const volumes = "/var/lib/kubelet/pods/pod-uid/volumes";

describe("runBeside", () => {
  it("runs on the pod's node, on its volume, at the place and as the user that the pod has", async () => {
    const { workspace, asked } = stage(() => "clean\n");
    expect(await runBeside(workspace, "/workspace/repo", "git status")).toBe("clean\n");
    expect(asked[0]?.target).toEqual({
      namespace: "rook-ceph",
      pod: "csi-agent-1",
      container: "csi-rbdplugin",
    });
    expect(asked[0]?.command.slice(-7)).toEqual([
      `${volumes}/kubernetes.io~csi/pv-1/mount/work`,
      "/workspace",
      "/workspace/repo",
      "1000",
      "1001",
      "1001,1002",
      "git status",
    ]);
  });

  it("takes the container's own user before the pod's, and root where neither names one", async () => {
    const { workspace, pod, asked } = stage();
    const [container] = pod.spec?.containers ?? [];
    if (container) container.securityContext = { runAsUser: 7, runAsGroup: 8 };
    await runBeside(workspace, "/workspace", "id");
    if (container) delete container.securityContext;
    delete pod.spec?.securityContext;
    await runBeside(workspace, "/workspace", "id");
    expect(asked.map(({ command }) => command.slice(-4, -1))).toEqual([
      ["7", "8", "8,1002"],
      ["0", "0", "0"],
    ]);
  });

  it("finds what lies on an emptyDir, below a path made of the container's variables", async () => {
    const { workspace, pod, asked } = stage();
    const [container] = pod.spec?.containers ?? [];
    if (container) {
      container.env = [{ name: "NAME", value: "flux" }];
      container.volumeMounts = [{ name: "data", mountPath: "/workspace", subPathExpr: "of/$(NAME)" }];
    }
    if (pod.spec) pod.spec.volumes = [{ name: "data", emptyDir: {} }];
    await runBeside(workspace, "/workspace", "ls");
    expect(asked[0]?.command.at(-7)).toBe(`${volumes}/kubernetes.io~empty-dir/data/of/flux`);
  });

  it("refuses what is on no volume: nobody could look at it, and it is gone with the pod", async () => {
    const { workspace } = stage();
    await expect(runBeside(workspace, "/elsewhere", "ls")).rejects.toThrow(
      "/elsewhere of pod opencode-flux-1 is kept on the container's own file system",
    );
  });

  it.each([
    [
      "a directory of the node",
      { hostPath: { path: "/srv/data" } },
      "node-directories",
      "/node/srv/data/work",
    ],
    [
      "a local volume",
      { local: { path: "/srv" } },
      "csi-rbdplugin",
      `${volumes}/kubernetes.io~local-volume/pv-1/work`,
    ],
    ["an NFS share", { nfs: { path: "/" } }, "csi-rbdplugin", `${volumes}/kubernetes.io~nfs/pv-1/work`],
  ])("finds %s behind a claim", async (_kind, source, container, onNode) => {
    const { workspace, cluster, asked } = stage();
    const found = { metadata: { name: "pv-1" }, spec: { volumeName: "pv-1", ...source } };
    Object.assign(cluster.objects, { find: async () => found });
    await runBeside(workspace, "/workspace", "ls");
    expect(asked[0]?.target.container).toBe(container);
    expect(asked[0]?.command.at(-7)).toBe(onNode);
  });

  it("throws with what the script has said when it fails", async () => {
    const { workspace } = stage(() => {
      throw new HarnessError("", { code: "failed", details: "fatal: not a git repository" });
    });
    await expect(runBeside(workspace, "/workspace/repo", "git status")).rejects.toMatchObject({
      code: "failed",
      message: "`git status` in /workspace/repo of opencode-flux ended with exit code 128",
      details: "fatal: not a git repository",
    });
  });

  it("says when the node has no tools", async () => {
    const { workspace, pod } = stage();
    if (pod.spec) pod.spec.nodeName = "agent-3";
    await expect(runBeside(workspace, "/workspace", "ls")).rejects.toMatchObject({ code: "environment" });
  });
});

/** Mount namespaces are root's. */
const canUnshare = (await execa("unshare", [...unshared.slice(1), "true"], { reject: false })).exitCode === 0;

describe.skipIf(!canUnshare)("in its place", () => {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "beside-"));
    await chmod(root, 0o755);
    await mkdir(join(root, "closed/volume/repo"), { recursive: true });
    await writeFile(join(root, "closed/volume/repo/file"), "content");
    await writeFile(join(root, "closed/volume/repo/private"), "", { mode: 0o600 });
    await chmod(join(root, "closed"), 0o700);
    return () => rm(root, { recursive: true });
  });

  const run = (mounted: string, directory: string, user: string[], script: string) => {
    const args = [join(root, "closed/volume"), mounted, directory, ...user, script];
    const [program = "", ...options] = unshared;
    return execa(program, [...options, "sh", "-c", besideIt, "sh", ...args], { reject: false, all: true });
  };
  const inPlace = (script: string, directory = "repo", user = ["1000", "1001", "1001,1002"]) => {
    const mounted = join(root, "as/in the pod");
    return run(mounted, join(mounted, directory), user, script);
  };

  it("a script sees the volume at the pod's path, though the kubelet's own is closed to its user", async () => {
    const { stdout } = await inPlace("pwd; id -u; id -g; id -G; cat file");
    expect(stdout.split("\n")).toEqual([
      join(root, "as/in the pod/repo"),
      "1000",
      "1001",
      "1001 1002",
      "content",
    ]);
  });

  it("a script cannot read what the pod's user cannot", async () => {
    const { all, exitCode } = await inPlace("cat private");
    expect(all).toContain("private: Permission denied");
    expect(exitCode).not.toBe(0);
  });

  it("a directory that is not there is told as the pod would", async () => {
    const { all } = await inPlace("true", "gone");
    expect(all).toContain(`${join(root, "as/in the pod/gone")}': No such file or directory`);
  });

  it("git works, whoever owns the repository", async () => {
    await execa("git", ["init", "--quiet", join(root, "closed/volume/repo")]);
    expect(await inPlace("git status --porcelain")).toMatchObject({
      exitCode: 0,
      all: "?? file\n?? private",
    });
  });

  it("a script of root's may read and change all of the volume, as in the pod", async () => {
    await chown(join(root, "closed/volume/repo/private"), 1000, 1000);
    const { all } = await inPlace("echo more >> private; chown 1000:1000 file; cat private", "repo", [
      "0",
      "0",
      "0",
    ]);
    expect(all).toBe("more");
  });

  it.each([
    ["change the tools", "touch /usr/bin/own"],
    ["reach a disk", "ls /dev | grep -vxE 'null|zero|random|urandom'"],
    ["see a process", "ls /proc/1/root/"],
    ["change the kernel's settings", "echo x > /proc/sys/kernel/core_pattern"],
    ["read another volume", `ls '${"$root"}'`],
    ["mount", "mount -t tmpfs tmpfs /tmp"],
    ["leave its root", "chroot /"],
    ["make a device", "mknod own b 1 1"],
  ])("what a repository's hook does as root cannot %s", async (_, act) => {
    const repo = join(root, "closed/volume/repo");
    await execa("git", ["init", "--quiet", repo]);
    const hook = join(repo, ".git/hooks/pre-commit");
    await writeFile(
      hook,
      `#!/bin/sh\necho hooked\n${act.replace("$root", join(root, "closed"))} && echo reached\n`,
    );
    await chmod(hook, 0o755);
    const commit = "git add file; git -c user.name=a -c user.email=a@example.invalid commit -m x";
    const { all } = await inPlace(commit, "repo", ["0", "0", "0"]);
    expect(all).toContain("hooked");
    expect(all).not.toContain("reached");
  });

  it("nothing of a volume is looked at that lies where our own programs are", async () => {
    const { all, exitCode } = await run("/usr/bin", "/usr/bin/repo", ["0", "0", "0"], "true");
    expect(all).toMatch(/cannot look at a volume there/);
    expect(exitCode).not.toBe(0);
  });

  it("nothing stays mounted", async () => {
    await inPlace("true");
    expect(await readFile("/proc/self/mounts", "utf8")).not.toContain(root);
    expect(await readdir(join(root, "closed/volume"))).toEqual(["repo"]);
  });
});
