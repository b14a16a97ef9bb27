import { closest } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import { externalSecretsIn, mayHold } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { replicationsIn } from "../../reading/replications.ts";
import { rule } from "../../rule.ts";

interface Restic {
  repository?: string;
  storageClassName?: string;
  cacheStorageClassName?: string;
  volumeSnapshotClassName?: string;
}

interface ReplicationSpec {
  trigger?: { schedule?: string; manual?: string };
  restic?: Restic;
}

const needed = ["RESTIC_REPOSITORY", "RESTIC_PASSWORD"];

function repositories(inspected: Inspected): Fault[] {
  const { objects, placeOf, of } = inspected;
  return replicationsIn(inspected).flatMap((one) => {
    const { kind, metadata } = one.object;
    const { namespace = "" } = metadata;
    const { repository } = specOf<ReplicationSpec>(one).restic ?? {};
    if (repository === undefined) return [];
    const writer = externalSecretsIn(namespace, objects).find(({ secret }) => secret === repository);
    if (!writer && !objects.find("Secret", { namespace, name: repository })) {
      return {
        message: `${kind} ${metadata.name} takes its repository from Secret ${namespace}/${repository}, which nobody makes`,
        remedy: "name the Secret that the ExternalSecret of the backup makes",
        ...placeOf(one, key("repository")),
      };
    }
    const lacking = needed.filter((field) => !mayHold(repository, field, namespace, objects));
    if (lacking.length === 0) return [];
    const made = of("ExternalSecret").find(
      ({ object }) => object.metadata.name === writer?.name && object.metadata.namespace === namespace,
    );
    return {
      message: `Secret ${namespace}/${repository}, the repository of ${kind} ${metadata.name}, has no ${lacking.join(", ")}`,
      remedy: `let its ExternalSecret make ${lacking.join(" and ")}: restic asks for them by these names`,
      ...placeOf(made ?? one, key("template"), key("data")),
    };
  });
}

function triggers(inspected: Inspected): Fault[] {
  return replicationsIn(inspected)
    .filter(({ object }) => object.kind === "ReplicationSource")
    .flatMap((one) => {
      const { schedule, manual } = specOf<ReplicationSpec>(one).trigger ?? {};
      const { name } = one.object.metadata;
      if (schedule === undefined && manual === undefined) {
        return {
          message: `ReplicationSource ${name} has no trigger: one backup follows the other, without a pause`,
          remedy: "write trigger.schedule, as a cron line",
          ...inspected.placeOf(one, key("spec")),
        };
      }
      const fields = schedule?.trim().split(/\s+/) ?? [];
      if (schedule === undefined || schedule.startsWith("@") || fields.length === 5) return [];
      return {
        message: `ReplicationSource ${name}: schedule ${schedule} has ${fields.length} fields, and cron's has five`,
        remedy: "write minute, hour, day, month and weekday; there are no seconds",
        ...inspected.placeOf(one, key("schedule")),
      };
    });
}

/** Claims that are to be filled from a ReplicationDestination which is not there stay Pending. */
function restores({ of, objects, workspaces, placeOf }: Inspected): Fault[] {
  const names = new Set(
    workspaces.flatMap(({ facts }) => facts.claims.map(({ name }) => `${facts.namespace}/${name}`)),
  );
  return of("PersistentVolumeClaim").flatMap((one) => {
    const { namespace = "", name } = one.object.metadata;
    const { dataSourceRef: from } = specOf<{
      dataSourceRef?: { apiGroup?: string; kind?: string; name?: string };
    }>(one);
    const isOfVolSync = from?.kind === "ReplicationDestination" || from?.apiGroup === "volsync.backube";
    if (!names.has(`${namespace}/${name}`) || !from || !isOfVolSync) return [];
    if (from.kind !== "ReplicationDestination") {
      return {
        message: `claim ${name} is filled from a ${from.kind}, and only a ReplicationDestination can do that: it stays Pending`,
        remedy: "let dataSourceRef.kind be ReplicationDestination",
        ...placeOf(one, key("dataSourceRef"), key("kind")),
      };
    }
    if (objects.find(from.kind, { namespace, name: from.name ?? "" })) return [];
    return {
      message: `claim ${name} is filled from ReplicationDestination ${namespace}/${from.name}, which nobody makes: it stays Pending`,
      remedy: "name the ReplicationDestination of the template, or leave dataSourceRef out",
      ...placeOf(one, key("dataSourceRef"), key("name")),
    };
  });
}

/** Fields of classes of other things, and the annotation that says which one is the default. */
const otherClasses =
  /(?:priority|runtime|ingress|gateway|device|resource|loadbalancer)-?class|default-?class/i;

/** Names of classes that the home's releases and objects speak of; of a home that says none, nothing is known. */
function classesOf({ of, isOurs }: Inspected): Record<"StorageClass" | "VolumeSnapshotClass", Set<string>> {
  const found = {
    StorageClass: new Set(of("StorageClass").map(({ object }) => object.metadata.name)),
    VolumeSnapshotClass: new Set(of("VolumeSnapshotClass").map(({ object }) => object.metadata.name)),
  };
  const read = (value: unknown, above: string) => {
    if (typeof value !== "object" || value === null) return;
    for (const [field, one] of Object.entries(value)) {
      const path = `${above}/${field}`;
      if (typeof one === "string" && /class[^/]*(\/name)?$/i.test(path) && !otherClasses.test(path))
        found[/snapshot/i.test(path) ? "VolumeSnapshotClass" : "StorageClass"].add(one);
      read(one, path);
    }
  };
  for (const { object, owner } of of("HelmRelease"))
    if (!isOurs(owner)) read((object.spec as { values?: unknown } | undefined)?.values, "");
  return found;
}

/** What k3s brings itself. */
const ofK3s = "local-path";

function missingClasses(inspected: Inspected): Fault[] {
  const known = classesOf(inspected);
  const ofVolumes = new Set(
    inspected
      .of("PersistentVolume")
      .map((one) => specOf<{ storageClassName?: string }>(one).storageClassName),
  );
  const asks = (one: OwnedObject): [keyof typeof known, string, string | undefined][] => {
    const { restic } = specOf<ReplicationSpec>(one);
    const { storageClassName } = specOf<{ storageClassName?: string }>(one);
    return [
      ["StorageClass", "storageClassName", storageClassName ?? restic?.storageClassName],
      ["StorageClass", "cacheStorageClassName", restic?.cacheStorageClassName],
      ["VolumeSnapshotClass", "volumeSnapshotClassName", restic?.volumeSnapshotClassName],
    ];
  };
  const claims = inspected.of("PersistentVolumeClaim").filter(inspected.concernsUs);
  return [...claims, ...replicationsIn(inspected)].flatMap((one) =>
    asks(one).flatMap(([kind, field, name]) => {
      // A volume that somebody has made is bound by the name alone.
      const isThere = known[kind].has(name ?? "") || (kind === "StorageClass" && ofVolumes.has(name));
      if (!name || known[kind].size === 0 || isThere || name === ofK3s) return [];
      const guess = closest(name, [...known[kind]]);
      return {
        message: `${titleOf(one)} asks ${kind} ${name}, of which the home says nothing`,
        remedy: guess
          ? `did you mean ${guess}?`
          : `name one that the home makes: ${[...known[kind]].join(", ")}`,
        // A chart may make classes that no value names.
        ...(guess ? {} : { severity: "warning" as const }),
        ...inspected.placeOf(one, key(field)),
      };
    }),
  );
}

/** What VolSync and storage need to keep a claim and to bring it back. */
export const backupRules = [
  rule({ id: "backup-repository", title: "backups have a repository and its password", find: repositories }),
  rule({ id: "backup-trigger", title: "backups have a time", find: triggers }),
  rule({
    id: "restore-of-nothing",
    title: "claims are filled from what is there",
    isBlocker: true,
    find: restores,
  }),
  rule({
    id: "class-missing",
    title: "classes of storage and snapshots are the home's",
    pitfalls: [6],
    find: missingClasses,
  }),
];
