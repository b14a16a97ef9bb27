import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDir } from "../base/index.ts";
import { unpackDebianPackages } from "../engine/index.ts";

/** The machine's own address, and the name server in it that asks this machine's. Both are slirp4netns' defaults. */
export const addresses = { own: "10.0.2.100", nameServer: "10.0.2.3" };

/** What leads from a machine inside to the network of this machine. */
export interface WayOut extends AsyncDisposable {
  close(): Promise<void>;
}

/**
 * Lets the network namespace of a process reach what this machine reaches. slirp4netns opens its connections as any program
 * of this machine does: no bridge, no rule, no forwarding. The kernel ends it with this process.
 */
export async function openWayOut(pid: number, signal: AbortSignal): Promise<WayOut> {
  const root = cacheDir("tools", "slirp4netns");
  if (!existsSync(root)) await unpackDebianPackages(["slirp4netns"], root, `${root}-apt`, signal);
  const options = ["--configure", "--mtu=65520", "--disable-host-loopback", "--ready-fd=3"];
  const subprocess = execa(
    "setpriv",
    ["--pdeathsig", "KILL", join(root, "usr/bin/slirp4netns"), ...options, `${pid}`, "tap0"],
    {
      env: { LD_LIBRARY_PATH: (await librariesIn(root)).join(":") },
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      reject: false,
    },
  );
  const ready = subprocess.stdio[3] as NodeJS.ReadableStream;
  const close = async () => {
    subprocess.kill("SIGKILL");
    await subprocess;
  };
  const failed = subprocess.then(({ stderr }) => Promise.reject(new Error(`no network: ${stderr}`)));
  failed.catch(() => {});
  await Promise.race([once(ready, "data"), failed]);
  return { close, [Symbol.asyncDispose]: close };
}

/** What the system has not comes with the package; its folder is called after the processor. */
async function librariesIn(root: string): Promise<string[]> {
  await mkdir(join(root, "usr/lib"), { recursive: true });
  const names = (await readdir(join(root, "usr/lib"))).filter((name) => name.endsWith("-linux-gnu"));
  return names.map((name) => join(root, "usr/lib", name));
}
