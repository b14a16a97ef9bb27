import type { V1Container, V1Deployment, V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";

/** The container of this name: the one that is OpenCode. */
export function appContainer(workload: V1Deployment | V1StatefulSet | V1Pod, name: string): V1Container {
  const spec =
    "template" in (workload.spec ?? {})
      ? (workload as V1Deployment).spec?.template.spec
      : (workload as V1Pod).spec;
  const containers = spec?.containers ?? [];
  const app = containers.find((container) => container.name === name) ?? containers[0];
  if (!app) {
    throw new HarnessError(`${workload.metadata?.name} should have a container, and has none`, {
      code: "failed",
      remedy: "write the values as the chart's version of app-template has them (pitfall 12)",
      look: [{ kind: "HelmRelease", field: ["spec", "values", "controllers"] }],
    });
  }
  return app;
}
