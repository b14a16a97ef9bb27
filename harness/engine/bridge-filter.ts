import { readFile } from "node:fs/promises";
import { execa } from "execa";

/**
 * Says 1 where packets that stay on a bridge pass iptables too. Without that a Service whose pod runs on the asker's own node is
 * dead, DNS included: the answer goes back over the bridge without its address being put back. Docker loaded the kernel's
 * module for it (br_netfilter) until 27.3; since then nobody does. There is no such file while the module is not loaded.
 */
export const bridgeFilterFile = "/proc/sys/net/bridge/bridge-nf-call-iptables";

export const bridgeFilterRemedy =
  "sudo modprobe br_netfilter && sudo sysctl net.bridge.bridge-nf-call-iptables=1, and to keep it, a line br_netfilter in /etc/modules-load.d/br_netfilter.conf; on Docker Desktop restart it";

/** Whether the kernel that this process runs on filters bridged packets; undefined where that cannot be seen. */
export async function filtersBridges(): Promise<boolean | undefined> {
  if (process.platform !== "linux") return undefined;
  const content = await readFile(bridgeFilterFile, "utf8").catch(() => "");
  return content.trim() === "1";
}

/** For the private engine, which sets up no firewall and so loads nothing. Where it may not be loaded a start will say so. */
export async function loadBridgeFilter(env: NodeJS.ProcessEnv): Promise<void> {
  if (await filtersBridges()) return;
  await execa("modprobe", ["br_netfilter"], { env, extendEnv: false, reject: false, timeout: 10_000 });
}
