import type { V1Probe } from "@kubernetes/client-node";
import type { InspectedWorkspace } from "./inspected.ts";

/** The one page that OpenCode serves to those who have not logged in. */
export const openPage = "/site.webmanifest";

/** The probes of OpenCode's container, by their names in the values. */
export const probesOf = ({ app }: InspectedWorkspace): [name: string, probe: V1Probe | undefined][] => [
  ["startup", app.startupProbe],
  ["readiness", app.readinessProbe],
  ["liveness", app.livenessProbe],
];
