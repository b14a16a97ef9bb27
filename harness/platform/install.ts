import { setTimeout as delay } from "node:timers/promises";
import { HarnessError, patientMs } from "../base/index.ts";
import { type Cluster, isNotFound, UnknownKindError } from "../cluster/index.ts";
import type { KubeObject } from "./component.ts";
import { servedGroups } from "./controller.ts";

/** What `installPlatform` does with a cluster. */
export type PlatformCluster = Pick<Cluster, "create"> & { objects: Pick<Cluster["objects"], "pathOf"> };

const definitionKind = "CustomResourceDefinition";
/** The way to a running workspace begins with Flux and its secrets; all else has time until OpenCode has started. */
const first = ["toolkit.fluxcd.io", "external-secrets.io"];
const servedWithinMs = 60_000;

/**
 * Creates the platform, side by side as far as the API server can: each object as soon as its namespace is there and
 * its kind is served, each controller as soon as its own kinds are. Nothing is waited for that only has to come up.
 *
 * @throws HarnessError `failed` when the API server does not serve a kind within a minute.
 */
export async function installPlatform(
  cluster: PlatformCluster,
  { definitions, objects }: { definitions: KubeObject[]; objects: KubeObject[] },
): Promise<void> {
  const isDefinition = ({ kind }: KubeObject) => kind === definitionKind;
  const allDefinitions = [...definitions, ...objects.filter(isDefinition)];
  const namespaces = cluster.create(objects.filter(({ kind }) => kind === "Namespace"));
  const defined = define(cluster, allDefinitions);
  const served = new Map(
    [...Map.groupBy(allDefinitions, groupOf)].map(([group, found]) => [group, untilServed(cluster, found)]),
  );
  const rest = objects.filter((object) => object.kind !== "Namespace" && !isDefinition(object));
  await Promise.all([
    defined,
    ...served.values(),
    ...batches(rest, [...served.keys()]).map(async ({ groups, objects }) => {
      await Promise.all([namespaces, ...groups.map((group) => served.get(group))]);
      await cluster.create(objects);
    }),
  ]);
}

async function define(cluster: PlatformCluster, definitions: KubeObject[]): Promise<void> {
  const isOf = (group: string) => (definition: KubeObject) => isWithin(groupOf(definition), group);
  for (const group of first) await cluster.create(definitions.filter(isOf(group)));
  await cluster.create(definitions.filter((definition) => !first.some((group) => isOf(group)(definition))));
}

/**
 * Settles when discovery lists every kind. A definition's own word (Established) comes earlier, but our client and
 * every controller go by discovery. It cannot be watched, so it is asked again.
 */
async function untilServed(cluster: PlatformCluster, definitions: KubeObject[]): Promise<void> {
  const deadline = performance.now() + patientMs(servedWithinMs);
  for (const definition of definitions) {
    const { group, names, versions } = definition.spec as DefinitionSpec;
    const selection = {
      apiVersion: `${group}/${versions.find(({ served }) => served)?.name}`,
      kind: names.kind,
    };
    while (!(await isServed(cluster, selection))) {
      if (performance.now() > deadline) {
        throw new HarnessError(`the API server does not serve ${names.kind} of ${group}`, { code: "failed" });
      }
      await delay(50);
    }
  }
}

interface DefinitionSpec {
  group: string;
  names: { kind: string };
  versions: { name: string; served: boolean }[];
}

function isServed(cluster: PlatformCluster, kind: { apiVersion: string; kind: string }): Promise<boolean> {
  return cluster.objects.pathOf(kind).then(
    () => true,
    (error) => {
      if (error instanceof UnknownKindError || isNotFound(error)) return false;
      throw error;
    },
  );
}

/** Objects that need the same groups, together. */
function batches(objects: KubeObject[], groups: string[]): { groups: string[]; objects: KubeObject[] }[] {
  const needs = (object: KubeObject) => {
    const [own = ""] = object.apiVersion.split("/");
    const served = servedGroups(object);
    return groups.filter((group) => group === own || served.some((suffix) => isWithin(group, suffix)));
  };
  const byNeeds = Map.groupBy(objects, (object) => needs(object).join());
  return [...byNeeds].map(([key, found]) => ({ groups: key.split(",").filter(Boolean), objects: found }));
}

function isWithin(group: string, suffix: string): boolean {
  return group === suffix || group.endsWith(`.${suffix}`);
}

function groupOf(definition: KubeObject): string {
  return (definition.spec as DefinitionSpec).group;
}
