import { isCompared, lastCompared, versionFor } from "../../../fixtures/charts/app-template/versions.ts";
import type { FidelityEntry } from "../../platform/index.ts";
import type { LedgerSources } from "./sources.ts";

/** Our own chart, once for each version of app-template that the workspaces ask for. */
export function chartLedger(
  { source }: LedgerSources["images"],
  { rendered }: LedgerSources["home"],
): FidelityEntry[] {
  if (source !== "packages") return [];
  const asked = rendered.releases.filter(({ isRendered }) => isRendered).map(({ chart }) => chart?.version);
  const versions = new Set(asked.map(versionFor).filter((version) => version !== undefined));
  return [...versions].sort().map((version) => ({
    part: `chart app-template ${version}`,
    production: `oci://ghcr.io/bjw-s-labs/helm/app-template:${version}`,
    why: "no registry answers",
    ...(isCompared(version)
      ? {
          here: "our own chart as this version; the released one rendered the same of all values that were compared",
          hides: "values of a kind that was not among them",
        }
      : {
          here: `our own chart as ${lastCompared} was; keys that came since are refused`,
          hides: `what app-template renders otherwise since ${lastCompared}`,
        }),
  }));
}
