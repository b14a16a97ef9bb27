import type { V1Probe } from "@kubernetes/client-node";
import type { InspectedWorkspace } from "./inspected.ts";
import { key, type Needle } from "./place.ts";

/** The one page that OpenCode serves to those who have not logged in. */
export const openPage = "/site.webmanifest";

/** The probes of OpenCode's container, by their names in the values. */
export const probesOf = ({ app }: InspectedWorkspace): [name: string, probe: V1Probe | undefined][] => [
  ["startup", app.startupProbe],
  ["readiness", app.readinessProbe],
  ["liveness", app.livenessProbe],
];

/** Whether OpenCode itself has to answer: the kernel alone opens a port, however busy OpenCode is. */
export const asks = (probe: V1Probe | undefined): boolean =>
  probe?.httpGet !== undefined || probe?.exec !== undefined;

/** Seconds without an answer until a probe has failed for good, by Kubernetes' defaults. */
export const allowedSeconds = ({ failureThreshold = 3, periodSeconds = 10 }: V1Probe): number =>
  failureThreshold * periodSeconds;

/** The way to a field of a probe; one that is not given must not be found in the next probe. */
export const toField = (name: string, probe: V1Probe | undefined, field: keyof V1Probe): Needle[] => [
  key("probes"),
  key(name),
  ...(probe?.[field] === undefined ? [] : [key(field)]),
];
