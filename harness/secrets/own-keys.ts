import type { DeployedWorkspace } from "../workspace/index.ts";
import { keysAskedBy } from "./asked-keys.ts";
import { asksFor } from "./rotation.ts";
import type { Generations, SecretsStage } from "./stage.ts";

/**
 * The keys of one workspace that can be judged by: those of which its Secret shows the value, and that no other workspace
 * asks for too. Where there are no such, all that it asks for.
 */
export async function ownKeys(
  { workspaces }: Pick<SecretsStage, "workspaces">,
  workspace: DeployedWorkspace,
  generations: Generations,
): Promise<string[]> {
  const asked = await keysAskedBy(workspace, generations);
  const others = workspaces.filter((one) => one !== workspace);
  const shown = thoseOrAll(asked, ({ names }) => names.length > 0);
  const own = thoseOrAll(shown, ({ key }) => !others.some((other) => asksFor(other, key)));
  return own.map(({ key }) => key);
}

function thoseOrAll<T>(all: readonly T[], isMeant: (one: T) => boolean): readonly T[] {
  const meant = all.filter(isMeant);
  return meant.length > 0 ? meant : all;
}
