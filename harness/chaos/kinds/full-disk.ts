import { join } from "node:path";
import { judgeEnded } from "../ended.ts";
import type { Finding } from "../finding.ts";
import type { Ground } from "../ground.ts";
import type { Kind } from "../round.ts";
import { cleaningUpMs } from "./end-one.ts";

/** An engine needs some 100 MB of its own; all is on a disk of the cache's own, a file. */
const size = "500M";

/** What is free once it is full. */
const free: Record<string, number> = { "0 MB are free": 0, "1 MB is free": 1, "10 MB are free": 10 };

export const fullDisk: Kind = {
  name: "full-disk",
  title: "the disk of the cache fills up under a command",
  acts: Object.keys(free),
  withinMs: 5_000,
  async whyNot(ground) {
    try {
      await withDisk(ground, async () => []);
      return undefined;
    } catch (error) {
      return `no file can be mounted as a disk: ${String((error as { stderr?: string }).stderr ?? error).trim()}`;
    }
  },
  async play({ act, atMs }, ground) {
    return withDisk(ground, async (cache) => {
      const running = await ground.start(["down"], { cache });
      await ground.pause(atMs);
      await ground.program(["sh", "-euc", fill, "sh", cache, `${free[act]}`]);
      const ended = await running.ended(cleaningUpMs);
      await ground.program(["rm", join(cache, "fill")]);
      const next = await ground.run(["down"], { cache });
      return [...judgeEnded(ended, [0, 3]), ...judgeEnded(next, [0])];
    });
  },
};

/** $1: the folder; $2: what stays free, in megabytes. dd ends with an error once nothing is free. */
const fill = `
dd if=/dev/zero of="$1/fill" bs=1M 2> /dev/null || dd if=/dev/zero of="$1/fill" bs=4k oflag=append conv=notrunc 2> /dev/null || :
truncate --size=-"$2"M "$1/fill"`;

/** Work with a cache on a disk of its own; one that somebody still uses cannot be taken away. */
async function withDisk(ground: Ground, work: (cache: string) => Promise<Finding[]>): Promise<Finding[]> {
  const disk = ground.path("disks", "cache.img");
  const at = ground.path("caches", "disk");
  await ground.program(["sh", "-euc", mount, "sh", disk, at, size]);
  try {
    return await work(await ground.cache("disk"));
  } finally {
    await ground.program(["sh", "-euc", 'umount "$2"; rm "$1"; rmdir "$2"', "sh", disk, at]);
  }
}

/** $1: the file; $2: where; $3: its size. */
const mount = 'mkdir -p "$2"; truncate --size="$3" "$1"; mkfs.ext4 -q -F "$1"; mount -o loop "$1" "$2"';
