import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheId } from "../base/index.ts";
import { defaultBridge } from "./private-network.ts";
import { type PrivatePlace, privatePlace } from "./private-place.ts";

/*
 * The private engine leaves the machine's network alone: no chains in the firewall, no forwarding. Containers of a run
 * talk over the run's own bridge, ports of the host lead to them through docker-proxy, and nothing in a run has to reach
 * beyond the machine. What needs that (builds where a registry answers) takes the host's network. For its default bridge
 * it must be given one: told that it shall have none, dockerd removes docker0, whosesoever that is.
 */
const leavesTheNetwork = () => [
  ["--bridge", defaultBridge()],
  ["--iptables=false"],
  ["--ip6tables=false"],
  ["--ip-forward=false"],
];

/** What dockerd is started with. */
export function daemonArguments(at: PrivatePlace): string[] {
  const namespace = `opencode-harness-${cacheId()}`;
  return [
    ["--data-root", at.dataRoot],
    ["--exec-root", join(at.runDir, "exec")],
    ["--host", `unix://${at.socket}`],
    ["--pidfile", at.pidFile],
    // The machine's own settings are for its own engine.
    ["--config-file", at.configFile],
    // Where a containerd runs already dockerd takes that one: beside the containers that others have in it.
    ["--containerd-namespace", namespace],
    ["--containerd-plugins-namespace", `${namespace}-plugins`],
    ["--log-level", "warn"],
    ["--userland-proxy-path", join(at.programs, "usr/sbin/docker-proxy")],
    ...leavesTheNetwork(),
  ].flat();
}

/** Of this process's environment what an engine needs that outlives it; secrets of the user do not belong to it. */
const handedOn = /^(HOME|TMPDIR|(https?|no|all)_proxy)$/i;

/** The programs come from packages that are not installed; they find each other and their libraries by these. */
export function daemonEnvironment({ programs }: PrivatePlace, from = process.env): NodeJS.ProcessEnv {
  const libraries = join(
    programs,
    "usr/lib",
    process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu",
  );
  const own = ["harness-bin", "usr/sbin", "usr/bin", "sbin", "bin"].map((dir) => join(programs, dir));
  return {
    ...Object.fromEntries(Object.entries(from).filter(([name]) => handedOn.test(name))),
    PATH: [...own, from.PATH, "/usr/sbin", "/sbin"].join(":"),
    LD_LIBRARY_PATH: `${libraries}:${libraries.replace("/usr/lib/", "/lib/")}`,
    XTABLES_LIBDIR: existsSync(join(libraries, "xtables")) ? join(libraries, "xtables") : undefined,
  };
}

/** The same, for who needs a program of the engine's packages that this machine may lack: iptables, ip. */
export const privateEnvironment = (): NodeJS.ProcessEnv => daemonEnvironment(privatePlace());
