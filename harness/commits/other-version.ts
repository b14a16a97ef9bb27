import { z } from "zod";
import { HarnessError } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import { versions } from "../images/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { addPostRenderer, retagged } from "./release-patch.ts";

/**
 * A commit that names an older OpenCode: where a release makes the workload Helm's output is changed, else what Flux
 * applies, which says the same in any layout and with any chart.
 */
export function takeOlderVersion(facts: WorkspaceFacts, tree: Tree): void {
  const images = retagged(facts, versions.opencodeBefore);
  if (facts.release) {
    addPostRenderer(facts, tree, { kustomize: { images } });
    return;
  }
  tree.editObject({ kind: "Kustomization", name: facts.kustomization.name }, (object) => {
    const { spec } = object as { spec: { images?: object[] } };
    spec.images = [...(spec.images ?? []), ...images];
  });
}

const health = z.looseObject({ healthy: z.boolean(), version: z.string() });

/** What OpenCode itself says it is. */
export async function runningVersion(workspace: DeployedWorkspace): Promise<string> {
  const user = await workspace.user();
  return (await user.api.get("/global/health", health)).version;
}

/**
 * OpenCode still shows this session in its list, as a person looks for it.
 * @throws HarnessError `failed` where it is not among those that it lists
 */
export async function expectListed(workspace: DeployedWorkspace, session: string): Promise<void> {
  const user = await workspace.user();
  const listed = await user.api.get("/session", z.array(z.looseObject({ id: z.string() })));
  if (listed.some(({ id }) => id === session)) return;
  throw new HarnessError(
    `OpenCode ${await runningVersion(workspace)} of ${workspace.name} does not list a session that another version left: ${listed.length} others`,
    { code: "failed", remedy: "let every version keep its data in the same place of the volume" },
  );
}

/** @throws HarnessError `failed` where the commit did not bring another OpenCode */
export function expectAnother(workspace: DeployedWorkspace, before: string, now: string): void {
  if (before !== now) return;
  throw new HarnessError(`${workspace.name} still runs OpenCode ${before}, though Git names another`, {
    code: "failed",
    remedy:
      "let nothing but the image's tag decide which OpenCode runs: no update at the start, no copy on the volume",
  });
}
