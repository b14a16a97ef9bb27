import type { Rule } from "./rule.ts";
import { backupRules } from "./rules/backups.ts";
import { certificateRules } from "./rules/certificates.ts";
import { chartRules } from "./rules/charts.ts";
import { cloneRules } from "./rules/clones.ts";
import { containerRules } from "./rules/containers.ts";
import { dependencyRules } from "./rules/dependencies.ts";
import { externalSecretRules } from "./rules/external-secrets.ts";
import { fileRules } from "./rules/files.ts";
import { fluxRules } from "./rules/flux.ts";
import { isolationRules } from "./rules/isolation.ts";
import { leakRules } from "./rules/leaks.ts";
import { literalSecretRules } from "./rules/literal-secrets.ts";
import { mountRules } from "./rules/mounts.ts";
import { podRules } from "./rules/pods.ts";
import { policyRules } from "./rules/policies.ts";
import { referenceRules } from "./rules/references.ts";
import { refusedRules } from "./rules/refused.ts";
import { renderingRules } from "./rules/rendering.ts";
import { routeRules } from "./rules/routes.ts";
import { schemaRules } from "./rules/schemas.ts";
import { scriptRules } from "./rules/scripts.ts";
import { secretLifeRules } from "./rules/secret-life.ts";
import { storageRules } from "./rules/storage.ts";
import { streamRules } from "./rules/streams.ts";
import { systemRules } from "./rules/systems.ts";
import { valueRules } from "./rules/values.ts";
import { workspaceRules } from "./rules/workspaces.ts";

/** Everything that is looked for. */
export const rules: readonly Rule[] = [
  ...renderingRules,
  ...schemaRules,
  ...dependencyRules,
  ...externalSecretRules,
  ...referenceRules,
  ...storageRules,
  ...mountRules,
  ...podRules,
  ...scriptRules,
  ...isolationRules,
  ...literalSecretRules,
  ...certificateRules,
  ...routeRules,
  ...streamRules,
  ...chartRules,
  ...systemRules,
  ...backupRules,
  ...cloneRules,
  ...containerRules,
  ...fileRules,
  ...fluxRules,
  ...leakRules,
  ...policyRules,
  ...refusedRules,
  ...secretLifeRules,
  ...valueRules,
  ...workspaceRules,
];
