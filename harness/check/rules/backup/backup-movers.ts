import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { claimSpecOf } from "../../reading/claims.ts";
import { secondsOf } from "../../reading/durations.ts";
import { type Inspected, ownedNamed, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { bytesOf } from "../../reading/quantities.ts";
import { replicationsIn } from "../../reading/replications.ts";
import { rule } from "../../rule.ts";
import { isSecretMade } from "../objects/pod-names.ts";

interface Spec {
  sourcePVC?: string;
  trigger?: { schedule?: string; manual?: string };
  restic?: {
    copyMethod?: string;
    storageClassName?: string;
    customCA?: { secretName?: string; configMapName?: string };
    moverServiceAccount?: string;
    moverResources?: { limits?: Record<string, string | number> };
    retain?: Record<string, string | number | undefined>;
  };
}

const sources = (inspected: Inspected) =>
  replicationsIn(inspected).filter(({ object }) => object.kind === "ReplicationSource");

/** `manual` is done once for each text that stands there. */
function once(inspected: Inspected): Fault[] {
  return sources(inspected).flatMap((one) => {
    const { schedule, manual } = specOf<Spec>(one).trigger ?? {};
    if (schedule !== undefined || manual === undefined) return [];
    return {
      message: `${titleOf(one)} backs up once (trigger.manual: ${manual}), and not again until that text is another`,
      remedy: "write trigger.schedule, as a cron line",
      ...inspected.placeOf(one, key("trigger"), key("manual")),
    };
  });
}

const ofANode = /local|hostpath|host-path/i;

/** A snapshot becomes a volume of the driver that has made it, and of no other. */
function ofOtherDriver(inspected: Inspected): Fault[] {
  return sources(inspected).flatMap((one) => {
    const { sourcePVC, restic: { copyMethod = "Snapshot", storageClassName } = {} } = specOf<Spec>(one);
    const claim = ownedNamed(inspected, "PersistentVolumeClaim", {
      namespace: one.object.metadata.namespace,
      name: sourcePVC,
    });
    const { storageClassName: own = "" } = claim ? claimSpecOf(claim) : {};
    if (!claim || storageClassName === undefined || copyMethod === "Direct" || ofANode.test(own)) return [];
    if (!ofANode.test(storageClassName)) return [];
    return {
      message: `${titleOf(one)} makes its copy in class ${storageClassName}, whose volumes are directories of a node: no snapshot becomes one, and the mover waits for ever`,
      remedy: "leave storageClassName out: the copy is of the claim's own class then",
      ...inspected.placeOf(one, key("restic"), key("storageClassName")),
    };
  });
}

/** What movers name that nobody makes. */
function missing(inspected: Inspected): Fault[] {
  return replicationsIn(inspected).flatMap((one) => {
    const { customCA: { secretName, configMapName } = {}, moverServiceAccount } =
      specOf<Spec>(one).restic ?? {};
    const { namespace = "" } = one.object.metadata;
    const isThere = (kind: string, name: string) =>
      inspected.objects.find(kind, { namespace, name }) !== undefined;
    const asked: [
      name: string | undefined,
      isMade: (name: string) => boolean,
      kind: string,
      field: string,
    ][] = [
      [secretName, (name) => isSecretMade(inspected, namespace, name), "Secret", "customCA"],
      [configMapName, (name) => isThere("ConfigMap", name), "ConfigMap", "customCA"],
      [
        moverServiceAccount,
        (name) => name === "default" || isThere("ServiceAccount", name),
        "ServiceAccount",
        "moverServiceAccount",
      ],
    ];
    return asked.flatMap(([name, isMade, kind, field]) => {
      if (name === undefined || isMade(name)) return [];
      return {
        message: `${titleOf(one)} asks ${kind} ${namespace}/${name} (${field}), which nobody in the tree makes: its mover never starts`,
        remedy: `leave ${field} out, or make the ${kind} in this namespace`,
        // An authority may be handed out by somebody's controller (trust-manager): others then take it too.
        ...(kind === "ConfigMap" || isTakenByOthers(inspected, one, name)
          ? { severity: "warning" as const }
          : {}),
        ...inspected.placeOf(one, key(field)),
      };
    });
  });
}

/** Whether a mover of another application names the same Secret of its namespace as an authority. */
function isTakenByOthers({ of }: Inspected, { owner, object }: OwnedObject, secret: string): boolean {
  return [...of("ReplicationSource"), ...of("ReplicationDestination")].some(
    (other) =>
      other.owner !== owner &&
      other.object.metadata.namespace === object.metadata.namespace &&
      specOf<Spec>(other).restic?.customCA?.secretName === secret,
  );
}

/** restic keeps an index of all that it has stored in its memory. */
const enough = 128 * 2 ** 20;

function small(inspected: Inspected): Fault[] {
  return replicationsIn(inspected).flatMap((one) => {
    const { memory } = specOf<Spec>(one).restic?.moverResources?.limits ?? {};
    if (memory === undefined || !(bytesOf(memory) < enough)) return [];
    return {
      message: `the mover of ${titleOf(one)} has ${memory} of memory: restic is killed, and begins again`,
      remedy: "let moverResources.limits.memory be 1Gi, or leave it out",
      severity: "warning" as const,
      ...inspected.placeOf(one, key("moverResources"), key("memory")),
    };
  });
}

const day = 86_400;
/** restic's durations have days, weeks are seven of them: 1y5m7d2h. */
const units: Readonly<Record<string, number>> = { h: 3600, d: day, m: 30 * day, y: 365 * day };

function withinOf(text: string): number {
  const parts = [...text.matchAll(/(\d+)([hdmy])/g)];
  return parts.length === 0
    ? (secondsOf(text) ?? 0)
    : parts.reduce((sum, [, count, unit = "d"]) => sum + Number(count) * (units[unit] ?? 0), 0);
}

/** What is noticed a day later must still be in a backup. */
function shortlyKept(inspected: Inspected): Fault[] {
  return sources(inspected).flatMap((one) => {
    const { within, hourly = 0, ...others } = specOf<Spec>(one).restic?.retain ?? {};
    const isLonger = Object.values(others).some((count) => Number(count) > 0) || Number(hourly) >= 24;
    const seconds = within === undefined ? Number(hourly) * 3600 : withinOf(String(within));
    if (isLonger || seconds >= day || (within === undefined && Number(hourly) === 0)) return [];
    return {
      message: `${titleOf(one)} keeps the backups of ${Math.round(seconds / 3600)} h: what is missed a day later is in none of them`,
      remedy: "write retain, as daily: 7 and weekly: 4",
      severity: "warning" as const,
      ...inspected.placeOf(one, key("restic"), key("retain")),
    };
  });
}

/** When backups are made, by whom, and for how long they are kept. */
export const backupMoverRules = [
  rule({ id: "backup-once", title: "backups are made again and again", find: once }),
  rule({
    id: "mover-never-starts",
    title: "movers have what they ask for",
    find: (inspected) => [...ofOtherDriver(inspected), ...missing(inspected)],
  }),
  rule({
    id: "backup-shortly-kept",
    title: "backups are kept until a loss is seen, and have room",
    find: (inspected) => [...small(inspected), ...shortlyKept(inspected)],
  }),
];
