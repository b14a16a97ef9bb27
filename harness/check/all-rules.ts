import type { Rule } from "./rule.ts";
import { certificateRules } from "./rules/certificates.ts";
import { chartRules } from "./rules/charts.ts";
import { dependencyRules } from "./rules/dependencies.ts";
import { externalSecretRules } from "./rules/external-secrets.ts";
import { isolationRules } from "./rules/isolation.ts";
import { literalSecretRules } from "./rules/literal-secrets.ts";
import { mountRules } from "./rules/mounts.ts";
import { podRules } from "./rules/pods.ts";
import { referenceRules } from "./rules/references.ts";
import { renderingRules } from "./rules/rendering.ts";
import { routeRules } from "./rules/routes.ts";
import { schemaRules } from "./rules/schemas.ts";
import { scriptRules } from "./rules/scripts.ts";
import { storageRules } from "./rules/storage.ts";
import { streamRules } from "./rules/streams.ts";
import { systemRules } from "./rules/systems.ts";

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
];
