import { execa } from "execa";
import { programsEnvironment } from "./private-engine.ts";

/** iptables of this machine, or the private engine's, which brings its own. Throws when it fails. */
export async function iptables(args: readonly string[]): Promise<void> {
  await execa("iptables", ["--wait", ...args], { env: programsEnvironment() });
}
