import { closest } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Values {
  controllers?: Record<
    string,
    { containers?: Record<string, { probes?: Record<string, Probe> }>; initContainers?: object } | undefined
  >;
  persistence?: Record<
    string,
    { advancedMounts?: Record<string, Record<string, unknown> | undefined> } | undefined
  >;
  [field: string]: unknown;
}

interface Probe {
  custom?: boolean;
  spec?: Record<string, unknown>;
}

function releases(inspected: Inspected): { one: OwnedObject; values: Values }[] {
  const rendered = new Set(
    inspected.home.rendered.releases
      .filter(({ chart }) => chart?.name === "app-template")
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );
  return inspected
    .of("HelmRelease")
    .filter(
      (one) =>
        inspected.concernsUs(one) &&
        rendered.has(`${one.object.metadata.namespace}/${one.object.metadata.name}`),
    )
    .map((one) => ({ one, values: specOf<{ values?: Values }>(one).values ?? {} }));
}

/** What app-template 4.x reads; Helm drops all else without a word. */
const known =
  "global defaultPodOptionsStrategy defaultPodOptions controllers serviceAccount configMaps secrets ingress route service serviceMonitor podMonitor networkpolicies persistence rawResources rbac configMapsFromFolder secretsFromFolder fullnameOverride common".split(
    " ",
  );

function unknownValues(inspected: Inspected): Fault[] {
  return releases(inspected).flatMap(({ one, values }) =>
    Object.keys(values)
      .filter((field) => !known.includes(field))
      .map((field) => {
        const guess = closest(field, known);
        return {
          message: `HelmRelease ${one.object.metadata.name} has values for ${field}, which app-template does not read: they have no effect`,
          remedy: guess ? `did you mean ${guess}?` : `it reads ${known.slice(1).join(", ")}`,
          ...inspected.placeOf(one, key("values"), key(field)),
        };
      }),
  );
}

const hasValuesFrom = (spec: unknown): boolean =>
  ((spec ?? {}) as { valuesFrom?: unknown[] }).valuesFrom !== undefined;

/** Mounts for containers that the controller does not have: they are mounted nowhere. */
function unknownContainers(inspected: Inspected): Fault[] {
  // Values from elsewhere may bring containers.
  const whole = releases(inspected).filter(({ one: { object } }) => !hasValuesFrom(object.spec));
  return whole.flatMap(({ one, values: { persistence = {}, controllers = {} } }) =>
    Object.entries(persistence).flatMap(([volume, item]) =>
      Object.entries(item?.advancedMounts ?? {}).flatMap(([controller, mounts]) => {
        const { containers = {}, initContainers = {} } = controllers[controller] ?? {};
        const names = [...Object.keys(initContainers), ...Object.keys(containers)];
        if (names.length === 0) return [];
        return Object.keys(mounts ?? {})
          .filter((name) => !names.includes(name))
          .map((name) => ({
            message: `HelmRelease ${one.object.metadata.name} mounts ${volume} into container ${name} of ${controller}, which has none of that name: it is mounted nowhere`,
            remedy: `name one of ${names.join(", ")}`,
            ...inspected.placeOf(
              one,
              key("persistence"),
              key(volume),
              key("advancedMounts"),
              key(controller),
              key(name),
            ),
          }));
      }),
    ),
  );
}

/** What app-template takes of a probe's spec where the probe is not custom: times and counts. */
const timing =
  /^(initialDelaySeconds|failureThreshold|successThreshold|timeoutSeconds|periodSeconds|terminationGracePeriodSeconds)$/;

function ignoredProbes(inspected: Inspected): Fault[] {
  return releases(inspected).flatMap(({ one, values: { controllers = {} } }) =>
    Object.values(controllers).flatMap((controller) =>
      Object.values(controller?.containers ?? {}).flatMap((container) =>
        Object.entries(container?.probes ?? {}).flatMap(([name, probe]) => {
          const ignored = Object.keys(probe?.spec ?? {}).find((field) => !timing.test(field));
          if (probe?.custom || ignored === undefined) return [];
          return {
            message: `the ${name} probe of HelmRelease ${one.object.metadata.name} has ${ignored}, which app-template leaves out without custom: true: it only asks whether the port is open`,
            remedy: "write custom: true beside spec",
            ...inspected.placeOf(one, key("probes"), key(name), key(ignored)),
          };
        }),
      ),
    ),
  );
}

/** What app-template would leave out of the values without a word. */
export const valueRules = [
  rule({ id: "value-unread", title: "the chart reads every value", pitfalls: [12], find: unknownValues }),
  rule({
    id: "mounted-nowhere",
    title: "volumes are mounted into containers that are there",
    pitfalls: [8, 12],
    isBlocker: true,
    find: unknownContainers,
  }),
  rule({ id: "probe-ignored", title: "the chart takes every probe as it is written", find: ignoredProbes }),
];
