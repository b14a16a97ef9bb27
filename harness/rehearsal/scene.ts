import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addresses, openMachine, openWayOut, removeControlGroups } from "../machine/index.ts";

/** The group that all of a rehearsal's containers are below. */
export const controlGroup = "opencode-rehearsal";

/** A machine for what must believe that names of the internet lead to it: with other names, and one more authority. */
export interface Scene extends AsyncDisposable {
  /** The program and arguments that run a command in it; in a folder of this machine, which is there too. */
  inside(command: readonly string[], cwd?: string): [string, string[]];
  /** Takes the way out away: from now on nothing in it reaches anything else. */
  cutOff(): Promise<void>;
}

/**
 * $1: the scene's folder. /etc is the machine's with a layer in memory over it. What of the machine's engines listens is
 * hidden with /run.
 */
const setUp = `
mount -t tmpfs tmpfs /run
mkdir /run/etc /run/work
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/work /etc
cat "$1/hosts" >> /etc/hosts
cat "$1/authority.crt" >> /etc/ssl/certs/ca-certificates.crt
rm -f /etc/resolv.conf
echo nameserver ${addresses.nameServer} > /etc/resolv.conf`;

export interface SceneOptions {
  directory: string;
  /** Lead to the scene itself. */
  names: readonly string[];
  /** Trusted in it, beside what this machine trusts. */
  caPem: string;
  /** Closes it. */
  signal: AbortSignal;
}

/** Opens one, with a way out. Root only. */
export async function openScene(
  { directory, names, caPem, signal }: SceneOptions,
  openWay = openWayOut,
): Promise<Scene> {
  await writeFile(join(directory, "hosts"), `\n${addresses.own} ${names.join(" ")}\n`);
  await writeFile(join(directory, "authority.crt"), `\n${caPem}`);
  const machine = await openMachine({ setUp, args: [directory], signal });
  const close = async () => {
    await machine[Symbol.asyncDispose]();
    await removeControlGroups(controlGroup);
  };
  const wayOut = await openWay(machine.pid, signal).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    inside: machine.inside,
    cutOff: wayOut.close,
    [Symbol.asyncDispose]: async () => {
      await wayOut.close();
      await close();
    },
  };
}
