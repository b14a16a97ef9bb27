import type { Rule } from "../../rule.ts";
import { asWrittenRules } from "./as-written.ts";
import { chartSourceRules } from "./chart-sources.ts";
import { chartRules } from "./charts.ts";
import { dependencyRules } from "./dependencies.ts";
import { eachAloneRules } from "./each-alone.ts";
import { fluxRules } from "./flux.ts";
import { fluxTimeRules } from "./flux-times.ts";
import { listRules } from "./lists.ts";
import { metadataRules } from "./metadata.ts";
import { namespaceRules } from "./namespaces.ts";
import { neverReachedRules } from "./never-reached.ts";
import { notReconciledRules } from "./not-reconciled.ts";
import { outlivingRules } from "./outliving.ts";
import { pruningRules } from "./pruning.ts";
import { releaseRules } from "./releases.ts";
import { renderingRules } from "./rendering.ts";
import { serverRules } from "./servers.ts";
import { vainChangeRules } from "./vain-changes.ts";
import { valueRules } from "./values.ts";
import { variableDangerRules } from "./variable-dangers.ts";
import { variableRules } from "./variables.ts";
import { workloadKindRules } from "./workload-kinds.ts";
import { workspaceRules } from "./workspaces.ts";

/** What Flux, kustomize and Helm make of the tree, or fail to. */
export const rulesOfFlux: readonly Rule[] = [
  ...renderingRules,
  ...dependencyRules,
  ...outlivingRules,
  ...chartRules,
  ...releaseRules,
  ...asWrittenRules,
  ...fluxRules,
  ...listRules,
  ...vainChangeRules,
  ...valueRules,
  ...workspaceRules,
  ...fluxTimeRules,
  ...pruningRules,
  ...namespaceRules,
  ...serverRules,
  ...chartSourceRules,
  ...variableRules,
  ...notReconciledRules,
  ...metadataRules,
  ...neverReachedRules,
  ...variableDangerRules,
  ...workloadKindRules,
  ...eachAloneRules,
];
