import { HarnessError } from "../base/index.ts";
import { cloning } from "../diagnosis/index.ts";
import { runBeside } from "./beside.ts";
import type { DeployedWorkspace } from "./deployed-workspace.ts";

/** Objects that the history names and the clone does not have; git asks for them when somebody looks at them. */
const missingObjects = "git rev-list --objects --all --missing=print | grep -c '^?' || true";

/** The clone has all of its history: nothing is left to be fetched on the day on which GitHub or the token is away. */
export async function expectWholeHistory(
  workspace: Pick<DeployedWorkspace, "name">,
  directory: string,
  look: (script: string) => Promise<string> = (script) =>
    runBeside(workspace as DeployedWorkspace, directory, script),
): Promise<void> {
  const count = Number(await look(missingObjects));
  const isShallow = (await look("git rev-parse --is-shallow-repository")).trim() === "true";
  if (count === 0 && !isShallow) return;
  const what = count > 0 ? `lacks ${count} object${count === 1 ? "" : "s"} of its history` : "is shallow";
  throw new HarnessError(`the clone of ${workspace.name} ${what}`, {
    code: "failed",
    remedy:
      "clone without --filter and --depth: what is missing is fetched with a token later, or not at all (pitfall 2)",
    look: [cloning(workspace.name, "--depth", "--filter", "--single-branch")],
  });
}
