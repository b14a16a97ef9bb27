import { chmod, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir, checkoutDir } from "../base/index.ts";
import { privateEnvironment } from "../engine/index.ts";
import { addresses, copyCheckout, type MachineOptions } from "../machine/index.ts";
import { home } from "./environment.ts";
import { foreignBridge } from "./foreigners.ts";

/** The cache that outlives a ground, since it takes minutes to fill. */
export const lastingCache = "cluster";

/**
 * $1: the folder of the rounds; $2: what npm has installed; $3: programs of an engine; $4 to $6: where to find programs,
 * libraries, and those of iptables. What of this machine's engines listens is hidden with /run, and nobody can change /etc. No
 * network leads out. What containers of this machine have mounted is none of ours, and goes when they go. A bridge, a rule of the
 * firewall and a file are others'.
 */
const script = `
while read -r _ path kind _; do
  case $kind in overlay|nsfs) umount --lazy "$path" || :; esac
done < /proc/self/mounts
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
chmod 1777 /tmp
mkdir /run/etc /run/work ${home}
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc,workdir=/run/work /etc
rm -f /etc/resolv.conf
echo nameserver ${addresses.nameServer} > /etc/resolv.conf
mount --bind "$1" ${home}
mount --bind "$2" ${home}/checkout/node_modules
mount --bind "$3" ${home}/programs
(
  export PATH="$4" LD_LIBRARY_PATH="$5"
  [ -z "$6" ] || export XTABLES_LIBDIR="$6"
  ip link set lo up
  ip link add name ${foreignBridge} type bridge
  if command -v iptables; then iptables --append FORWARD --in-interface ${foreignBridge} --jump ACCEPT; fi
) > /dev/null
echo foreign > /tmp/foreign-file`;

/** Puts into the folder what the machine needs of it; of an earlier one only the lasting cache stays. */
export async function setUp(directory: string): Promise<Pick<MachineOptions, "setUp" | "args">> {
  await chmod(directory, 0o755);
  const caches = await readdir(join(directory, "caches")).catch(() => []);
  const old = caches.filter((name) => name !== lastingCache).map((name) => `caches/${name}`);
  for (const path of [...old, "disks"]) await rm(join(directory, path), { recursive: true, force: true });
  await copyCheckout(join(directory, "checkout"));
  for (const path of ["checkout/node_modules", "checkout/results", "caches", "disks", "programs"])
    await mkdir(join(directory, path), { recursive: true });
  const { PATH = "", LD_LIBRARY_PATH = "", XTABLES_LIBDIR = "" } = privateEnvironment();
  const shared = [join(checkoutDir, "node_modules"), cacheDir("engine", "programs")];
  return { setUp: script, args: [directory, ...shared, PATH, LD_LIBRARY_PATH, XTABLES_LIBDIR] };
}
