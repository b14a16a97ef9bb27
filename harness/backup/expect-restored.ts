import { HarnessError } from "../base/index.ts";
import { expectSound } from "../volumes/index.ts";
import {
  type DeployedWorkspace,
  expectSameAuth,
  expectSameWork,
  readTraces,
  type Traces,
} from "../workspace/index.ts";

const remedy =
  "fill the claim from the last backup: delete the ReplicationDestination before the claim (volume-lost.md), since it restores once, when it is made";

/** Session, work and login are as they were left, and file system, databases and repository are whole. */
export async function expectRestored(workspace: DeployedWorkspace, left: Traces): Promise<void> {
  const { name } = workspace;
  const found = await readTraces(workspace, left.session).catch((error: unknown) => {
    if (!(error instanceof HarnessError) || error.code !== "failed") throw error;
    throw new HarnessError(
      `${name} should have come back as it was backed up, and its session cannot be read: ${error.message}`,
      {
        code: "failed",
        ...(error.details ? { details: error.details } : {}),
        remedy,
        cause: error,
      },
    );
  });
  expectSameWork(name, left, found);
  expectSameAuth(workspace, left.auth, found.auth);
  await expectSound(workspace, found.volumes.data.volume, "the restore");
}
