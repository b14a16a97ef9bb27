import { execa } from "execa";
import { expect, it } from "vitest";
import { everyNodeArgs, nodeEntrypoint } from "./node-args.ts";

it("the entrypoint closes the ways out, shares the mounts and becomes k3s, with its arguments as they are", async () => {
  const [shell = "", ...args] = nodeEntrypoint;
  const told = args.map((arg) =>
    arg.replace("sh /", "echo sh /").replace("mount", "echo mount").replace("/bin/k3s", "printf '<%s>'"),
  );
  const { stdout } = await execa(shell, [...told, "server", "--node-taint=a b"]);
  expect(stdout).toBe(
    "sh /etc/rancher/k3s/refuse-outside.sh\nmount --make-rshared /\n<server><--node-taint=a b>",
  );
});

it.each([
  ["share the mounts", "mount --make-rshared /", "sh /etc/rancher/k3s/refuse-outside.sh"],
  ["close the ways out", "sh /etc/rancher/k3s/refuse-outside.sh", "mount --make-rshared /"],
])("the entrypoint does not become k3s when it cannot %s", async (_, cannot, can) => {
  const [shell = "", ...args] = nodeEntrypoint;
  const told = args.map((arg) =>
    arg.replace(cannot, "false").replace(can, "true").replace("/bin/k3s", "echo"),
  );
  expect(await execa(shell, [...told, "server"], { reject: false })).toMatchObject({
    exitCode: 1,
    stdout: "",
  });
});

it("every node is kept from the internet, from evictions, and from refusing this machine's control groups", () => {
  expect(everyNodeArgs).toContain("--disable-default-registry-endpoint");
  expect(everyNodeArgs).toContain("--kubelet-arg=fail-cgroupv1=false");
  const eviction = everyNodeArgs.find((arg) => arg.startsWith("--kubelet-arg=eviction-hard="));
  for (const threshold of ["imagefs.available<0%", "nodefs.available<0%"])
    expect(eviction).toContain(threshold);
});
