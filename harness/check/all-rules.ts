import type { Rule } from "./rule.ts";
import { acmeRules } from "./rules/acme.ts";
import { ageingRules } from "./rules/ageing.ts";
import { anotherNodeRules } from "./rules/another-node.ts";
import { anyNodeRules } from "./rules/any-node.ts";
import { asWrittenRules } from "./rules/as-written.ts";
import { askedValueRules } from "./rules/asked-values.ts";
import { backendRules } from "./rules/backends.ts";
import { backupCareRules } from "./rules/backup-care.ts";
import { backupRules } from "./rules/backups.ts";
import { certificateRules } from "./rules/certificates.ts";
import { chartSourceRules } from "./rules/chart-sources.ts";
import { chartRules } from "./rules/charts.ts";
import { cloneMoveRules } from "./rules/clone-moves.ts";
import { cloneQuestionRules } from "./rules/clone-question.ts";
import { clonedOnceRules } from "./rules/cloned-once.ts";
import { cloneRules } from "./rules/clones.ts";
import { commandRules } from "./rules/commands.ts";
import { dependencyRules } from "./rules/dependencies.ts";
import { directoryRules } from "./rules/directories.ts";
import { documentReachRules } from "./rules/document-reach.ts";
import { documentStepRules } from "./rules/document-steps.ts";
import { documentWaitRules } from "./rules/document-waits.ts";
import { documentRules } from "./rules/documents.ts";
import { downloadRules } from "./rules/downloads.ts";
import { egressRules } from "./rules/egress.ts";
import { evictionRules } from "./rules/evictions.ts";
import { externalSecretRules } from "./rules/external-secrets.ts";
import { firstStartRules } from "./rules/first-start.ts";
import { fluxRules } from "./rules/flux.ts";
import { fluxTimeRules } from "./rules/flux-times.ts";
import { hardeningRules } from "./rules/hardening.ts";
import { hookRules } from "./rules/hooks.ts";
import { hostNameRules } from "./rules/host-names.ts";
import { imageNameRules } from "./rules/image-names.ts";
import { isolationRules } from "./rules/isolation.ts";
import { issuerRules } from "./rules/issuers.ts";
import { keptDataRules } from "./rules/kept-data.ts";
import { keptWorkRules } from "./rules/kept-work.ts";
import { lateAnswerRules } from "./rules/late-answers.ts";
import { leakRules } from "./rules/leaks.ts";
import { listRules } from "./rules/lists.ts";
import { literalSecretRules } from "./rules/literal-secrets.ts";
import { livingObjectRules } from "./rules/living-objects.ts";
import { livingVolumeRules } from "./rules/living-volumes.ts";
import { loginDocumentRules } from "./rules/login-document.ts";
import { loginOrderRules } from "./rules/login-order.ts";
import { loginStepRules } from "./rules/login-steps.ts";
import { loginRules } from "./rules/logins.ts";
import { metadataRules } from "./rules/metadata.ts";
import { mountPointRules } from "./rules/mount-points.ts";
import { mountRules } from "./rules/mounts.ts";
import { namedFileRules } from "./rules/named-files.ts";
import { namespaceRules } from "./rules/namespaces.ts";
import { needsRootRules } from "./rules/needs-root.ts";
import { neverReachedRules } from "./rules/never-reached.ts";
import { notReconciledRules } from "./rules/not-reconciled.ts";
import { onePodRules } from "./rules/one-pod.ts";
import { outlivingRules } from "./rules/outliving.ts";
import { podLifeRules } from "./rules/pod-lives.ts";
import { podNameRules } from "./rules/pod-names.ts";
import { podSecurityRules } from "./rules/pod-security.ts";
import { podRules } from "./rules/pods.ts";
import { policyRules } from "./rules/policies.ts";
import { policySlipRules } from "./rules/policy-slips.ts";
import { probeAnswerRules } from "./rules/probe-answers.ts";
import { probeRules } from "./rules/probes.ts";
import { promisedTimeRules } from "./rules/promised-times.ts";
import { pruningRules } from "./rules/pruning.ts";
import { publicHostRules } from "./rules/public-hosts.ts";
import { quotaRules } from "./rules/quotas.ts";
import { referenceRules } from "./rules/references.ts";
import { refusedRules } from "./rules/refused.ts";
import { refusedValueRules } from "./rules/refused-values.ts";
import { reloadRules } from "./rules/reloads.ts";
import { renderingRules } from "./rules/rendering.ts";
import { renewalRules } from "./rules/renewals.ts";
import { requestChangeRules } from "./rules/request-changes.ts";
import { resourceRules } from "./rules/resources.ts";
import { restoreRules } from "./rules/restores.ts";
import { rightRules } from "./rules/rights.ts";
import { routePortRules } from "./rules/route-ports.ts";
import { routeRules } from "./rules/routes.ts";
import { scalingRules } from "./rules/scaling.ts";
import { schemaRules } from "./rules/schemas.ts";
import { scratchRules } from "./rules/scratch.ts";
import { scriptSecretRules } from "./rules/script-secrets.ts";
import { scriptSlipRules } from "./rules/script-slips.ts";
import { scriptSyntaxRules } from "./rules/script-syntax.ts";
import { secondStartRules } from "./rules/second-start.ts";
import { secretLifeRules } from "./rules/secret-life.ts";
import { secretRewriteRules } from "./rules/secret-rewrites.ts";
import { secretValueRules } from "./rules/secret-values.ts";
import { securityPolicyRules } from "./rules/security-policies.ts";
import { seedScriptRules } from "./rules/seed-script.ts";
import { seedStepRules } from "./rules/seed-steps.ts";
import { seedTargetRules } from "./rules/seed-target.ts";
import { serverRules } from "./rules/servers.ts";
import { serviceRules } from "./rules/services.ts";
import { settingsRules } from "./rules/settings.ts";
import { settingsSecretRules } from "./rules/settings-secrets.ts";
import { sharedBlockRules } from "./rules/shared-block.ts";
import { streamRules } from "./rules/streams.ts";
import { subPathRules } from "./rules/sub-paths.ts";
import { systemRules } from "./rules/systems.ts";
import { terminalRules } from "./rules/terminals.ts";
import { tokenInAppRules } from "./rules/token-in-app.ts";
import { toolRules } from "./rules/tools.ts";
import { trafficRules } from "./rules/traffic.ts";
import { upstreamRules } from "./rules/upstream.ts";
import { userRules } from "./rules/users.ts";
import { vainChangeRules } from "./rules/vain-changes.ts";
import { valueRules } from "./rules/values.ts";
import { variableDangerRules } from "./rules/variable-dangers.ts";
import { variableRules } from "./rules/variables.ts";
import { workloadKindRules } from "./rules/workload-kinds.ts";
import { workspaceRules } from "./rules/workspaces.ts";
import { writableRules } from "./rules/writable.ts";

/** What is asked of a tree beside its base; of a tree alone they say nothing. */
export const livingRules: readonly Rule[] = [...livingObjectRules, ...livingVolumeRules];

/** Everything that is looked for. */
export const rules: readonly Rule[] = [
  ...renderingRules,
  ...schemaRules,
  ...dependencyRules,
  ...externalSecretRules,
  ...referenceRules,
  ...onePodRules,
  ...keptDataRules,
  ...keptWorkRules,
  ...anyNodeRules,
  ...evictionRules,
  ...outlivingRules,
  ...sharedBlockRules,
  ...mountRules,
  ...podRules,
  ...scriptSecretRules,
  ...clonedOnceRules,
  ...loginRules,
  ...directoryRules,
  ...seedScriptRules,
  ...isolationRules,
  ...tokenInAppRules,
  ...literalSecretRules,
  ...certificateRules,
  ...routeRules,
  ...routePortRules,
  ...publicHostRules,
  ...hostNameRules,
  ...streamRules,
  ...chartRules,
  ...systemRules,
  ...backupRules,
  ...cloneRules,
  ...commandRules,
  ...probeRules,
  ...lateAnswerRules,
  ...writableRules,
  ...userRules,
  ...resourceRules,
  ...podLifeRules,
  ...namedFileRules,
  ...toolRules,
  ...asWrittenRules,
  ...fluxRules,
  ...settingsRules,
  ...settingsSecretRules,
  ...listRules,
  ...vainChangeRules,
  ...leakRules,
  ...policyRules,
  ...backendRules,
  ...serviceRules,
  ...refusedRules,
  ...refusedValueRules,
  ...secretLifeRules,
  ...valueRules,
  ...workspaceRules,
  ...fluxTimeRules,
  ...pruningRules,
  ...scratchRules,
  ...podNameRules,
  ...trafficRules,
  ...secondStartRules,
  ...scriptSyntaxRules,
  ...needsRootRules,
  ...backupCareRules,
  ...secretValueRules,
  ...requestChangeRules,
  ...securityPolicyRules,
  ...namespaceRules,
  ...serverRules,
  ...renewalRules,
  ...seedTargetRules,
  ...chartSourceRules,
  ...anotherNodeRules,
  ...terminalRules,
  ...variableRules,
  ...subPathRules,
  ...rightRules,
  ...probeAnswerRules,
  ...upstreamRules,
  ...egressRules,
  ...issuerRules,
  ...askedValueRules,
  ...notReconciledRules,
  ...loginStepRules,
  ...cloneQuestionRules,
  ...firstStartRules,
  ...restoreRules,
  ...reloadRules,
  ...imageNameRules,
  ...scalingRules,
  ...podSecurityRules,
  ...hardeningRules,
  ...documentRules,
  ...documentStepRules,
  ...promisedTimeRules,
  ...loginDocumentRules,
  ...scriptSlipRules,
  ...livingRules,
  ...ageingRules,
  ...downloadRules,
  ...acmeRules,
  ...cloneMoveRules,
  ...documentReachRules,
  ...documentWaitRules,
  ...hookRules,
  ...loginOrderRules,
  ...metadataRules,
  ...mountPointRules,
  ...neverReachedRules,
  ...policySlipRules,
  ...quotaRules,
  ...secretRewriteRules,
  ...seedStepRules,
  ...variableDangerRules,
  ...workloadKindRules,
];
