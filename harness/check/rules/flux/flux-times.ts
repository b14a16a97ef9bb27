import type { Fault } from "../../finding.ts";
import { secondsOf } from "../../reading/durations.ts";
import {
  eachWorkspace,
  type Inspected,
  type InspectedWorkspace,
  releaseOf,
  specOf,
} from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface FluxSpec {
  wait?: boolean;
  healthChecks?: unknown[];
  interval?: string;
  timeout?: string;
}

interface HelmAct {
  timeout?: string;
  disableWait?: boolean;
}

interface HelmSpec {
  timeout?: string;
  install?: HelmAct | null;
  upgrade?: HelmAct | null;
}

/** Attaching the volume, a first clone and OpenCode's own start at 500m CPU: 13 to 21 s for those that are moved (manifests/README.md). */
const least = 20;
const usual = 60;

/** The Kustomization that applies a workspace. */
function kustomizationsOf({ of }: Inspected, { facts }: InspectedWorkspace) {
  return of("Kustomization").filter(
    ({ object: { metadata } }) =>
      metadata.name === facts.kustomization.name && metadata.namespace === facts.kustomization.namespace,
  );
}

/** Flux says that the Kustomization has failed, and what depends on it waits for the next try. */
function impatientFlux(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  return kustomizationsOf(inspected, workspace).flatMap((one) => {
    const { wait, healthChecks = [], timeout } = specOf<FluxSpec>(one);
    const seconds = secondsOf(timeout);
    const isWaiting = wait === true || healthChecks.length > 0;
    if (!isWaiting || seconds === undefined || seconds >= usual) return [];
    return {
      message: `Kustomization ${one.object.metadata.name} waits ${timeout} for ${workspace.facts.name}, which takes longer to start: it is told as failed at each change`,
      remedy: "write timeout: 10m",
      severity: "warning" as const,
      ...inspected.placeOf(one, key("timeout")),
    };
  });
}

/** Helm takes back what is not Ready in time, and tries the same again. */
function impatientHelm(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const one = releaseOf(inspected, workspace);
  if (!one) return [];
  const { timeout: given, install, upgrade } = specOf<HelmSpec>(one);
  const found = (["install", "upgrade"] as const).flatMap((act) => {
    const { timeout = given, disableWait } = (act === "install" ? install : upgrade) ?? {};
    const seconds = secondsOf(timeout);
    return seconds === undefined || seconds >= usual || disableWait ? [] : [{ act, timeout, seconds }];
  });
  // What is said for both is told once.
  const [first, second] = found;
  const isForBoth = first?.timeout === given && second?.timeout === given;
  return (isForBoth ? found.slice(0, 1) : found).map(({ act, timeout, seconds }) => {
    const isOwn = timeout !== given;
    return {
      message: `HelmRelease ${one.object.metadata.name} gives its pod ${timeout} to be Ready, and OpenCode takes longer to start: each ${isOwn ? act : "install and upgrade"} is taken back`,
      remedy: "leave timeout out: Helm waits for five minutes",
      ...(seconds < least ? {} : { severity: "warning" as const }),
      ...inspected.placeOf(one, ...(isOwn ? [key(act)] : []), key("timeout")),
    };
  });
}

/** How long Flux and Helm wait for a workspace. */
export const fluxTimeRules = [
  rule({
    id: "flux-impatient",
    title: "Flux and Helm wait until a workspace can be Ready",
    find: eachWorkspace((workspace, inspected) => [
      ...impatientFlux(workspace, inspected),
      ...impatientHelm(workspace, inspected),
    ]),
  }),
];
