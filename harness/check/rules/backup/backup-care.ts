import { Cron } from "croner";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { bytesOf } from "../../reading/quantities.ts";
import { replicationsIn, repositoryOf } from "../../reading/replications.ts";
import { rule } from "../../rule.ts";

interface Spec {
  paused?: boolean;
  trigger?: { schedule?: string };
  restic?: {
    copyMethod?: string;
    cacheCapacity?: string | number;
    cacheStorageClassName?: string;
    capacity?: string | number;
    retain?: Record<string, unknown>;
    repository?: string;
  };
}

const sources = (inspected: Inspected) =>
  replicationsIn(inspected).filter(({ object }) => object.kind === "ReplicationSource");

function paused(inspected: Inspected): Fault[] {
  return replicationsIn(inspected)
    .filter((one) => specOf<Spec>(one).paused === true)
    .map((one) => ({
      message: `${titleOf(one)} is paused: nothing is backed up`,
      remedy: "take paused away",
      ...inspected.placeOf(one, key("paused")),
    }));
}

/** Fields of five that no day has, and backups that are far apart; what a schedule says is read as cron does. */
function schedules(inspected: Inspected): Fault[] {
  return sources(inspected).flatMap((one) => {
    const { schedule } = specOf<Spec>(one).trigger ?? {};
    if (schedule === undefined || schedule.trim().split(/\s+/).length !== 5) return [];
    const place = inspected.placeOf(one, key("schedule"));
    const days = daysBetween(schedule);
    if (days === undefined) {
      return {
        message: `${titleOf(one)}: schedule ${schedule} is no time that there is`,
        remedy: "write minute (0-59), hour (0-23), day, month and weekday",
        ...place,
      };
    }
    if (leastBetween(schedule) < 5) {
      return {
        message: `${titleOf(one)} backs up every minute or so (${schedule}): each takes a snapshot and a mover, and lasts longer than that`,
        remedy: "write one minute of an hour, as 0 3 * * *",
        severity: "warning" as const,
        ...place,
      };
    }
    if (days <= 8) return [];
    return {
      message: `${titleOf(one)} backs up every ${Math.round(days)} days (${schedule}): a lost volume takes the work of all of them`,
      remedy: "write an hour of each day, as 0 3 * * *",
      severity: "warning" as const,
      ...place,
    };
  });
}

/** Days between two backups; undefined where it is no time. */
function daysBetween(schedule: string): number | undefined {
  try {
    const [first, second] = new Cron(schedule, { paused: true }).nextRuns(2);
    return first && second ? (second.getTime() - first.getTime()) / 86_400_000 : Number.POSITIVE_INFINITY;
  } catch {
    return undefined;
  }
}

/** The fewest minutes between two backups; an hour has sixty of them at most. */
function leastBetween(schedule: string): number {
  const runs = new Cron(schedule, { paused: true }).nextRuns(61).map((date) => date.getTime());
  return Math.min(...runs.slice(1).map((run, index) => (run - (runs[index] ?? 0)) / 60_000));
}

const ofANode = /local|hostpath|host-path/i;

/** The mover has to be where the workspace is, and a cache on a node's disk stays where it was made (manifests/README.md, Backup). */
function direct(inspected: Inspected): Fault[] {
  return sources(inspected).flatMap((one) => {
    const { copyMethod, cacheStorageClassName = "" } = specOf<Spec>(one).restic ?? {};
    if (copyMethod !== "Direct") return [];
    const isBound = ofANode.test(cacheStorageClassName);
    return {
      message: `${titleOf(one)} copies from the volume itself, while OpenCode writes to it${isBound ? ", and its cache stays on one node: backups end when the workspace moves" : ""}`,
      remedy: "write copyMethod: Snapshot",
      ...(isBound ? {} : { severity: "warning" as const }),
      ...inspected.placeOf(one, key("copyMethod")),
    };
  });
}

const least = 64 * 2 ** 20;

function smallCaches(inspected: Inspected): Fault[] {
  return replicationsIn(inspected).flatMap((one) => {
    const { cacheCapacity, capacity } = specOf<Spec>(one).restic ?? {};
    const asked = Object.entries({ cacheCapacity, capacity });
    return asked
      .filter(([, value]) => value !== undefined && bytesOf(value) < least)
      .map(([field, value]) => ({
        message: `${titleOf(one)} asks for ${field} ${value}, which is ${Math.floor(bytesOf(value ?? 0))} bytes: its mover has no room`,
        remedy: "write a size with its unit, as 2Gi",
        ...inspected.placeOf(one, key(field)),
      }));
  });
}

/** VolSync keeps the last backup alone where nothing else is said (forget --keep-last 1). */
function keptOnce(inspected: Inspected): Fault[] {
  return sources(inspected)
    .filter((one) => {
      const { restic } = specOf<Spec>(one);
      return restic !== undefined && Object.keys(restic.retain ?? {}).length === 0;
    })
    .map((one) => ({
      message: `${titleOf(one)} keeps the last backup alone: what was lost before it was made does not come back`,
      remedy: "write retain, as daily: 7 and weekly: 4",
      severity: "warning" as const,
      ...inspected.placeOf(one, key("restic"), key("retain")),
    }));
}

/** One restic repository of two claims: each forgets what the other has kept, and restores what is newest of both. */
function oneRepository(inspected: Inspected): Fault[] {
  const addressed = sources(inspected).flatMap((one) => {
    const { namespace = "" } = one.object.metadata;
    const found = repositoryOf(inspected, namespace, specOf<Spec>(one).restic?.repository);
    return found ? [{ one, ...found }] : [];
  });
  return addressed.flatMap(({ one, made, address, identity }, index) => {
    const other = addressed.slice(0, index).find((before) => before.identity === identity);
    if (!other) return [];
    return {
      message: `${titleOf(one)} and ${other.one.object.metadata.name} back up into one repository (${address}): each forgets what the other keeps, and restores what is newest of both`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
      remedy: "end the address with the workspace's name, as /${APP}",
      ...inspected.placeOf(made, key("template"), key("RESTIC_REPOSITORY")),
    };
  });
}

/** Whether backups are made in time, have room, and can be told apart. */
export const backupCareRules = [
  rule({ id: "backup-paused", title: "no backup is paused", find: paused }),
  rule({ id: "backup-time", title: "backups have a time that comes, each week at least", find: schedules }),
  rule({ id: "backup-direct", title: "backups are made of snapshots", find: direct }),
  rule({ id: "backup-room", title: "movers have room", find: smallCaches }),
  rule({ id: "backup-kept", title: "more than one backup is kept", find: keptOnce }),
  rule({ id: "backup-shared", title: "each workspace has a repository of backups", find: oneRepository }),
];
