import { randomBytes } from "node:crypto";
import { z } from "zod";
import { HarnessError } from "../base/index.ts";
import { dataMounts, existingClaim, inContainer, inValues, route } from "../diagnosis/index.ts";
import type { DeployedWorkspace, Workspace } from "../workspace/index.ts";

const sessionList = z.array(z.looseObject({ title: z.string() }));

/**
 * A session that is opened in one workspace is listed there and in no other. The list is asked for as often as OpenCode's
 * page does: the newest sessions of the directory.
 */
export async function expectOwnSessions(workspaces: readonly DeployedWorkspace[]): Promise<void> {
  const opened = await Promise.all(
    workspaces.map(async (workspace) => {
      const user = await workspace.user();
      const title = `of ${workspace.name} alone ${randomBytes(6).toString("hex")}`;
      await user.openSession(title);
      return { name: workspace.name, user, title };
    }),
  );
  for (const { name, user } of opened) {
    const titles = (await user.api.get("/session", sessionList)).map(({ title }) => title);
    const seen = opened.filter(({ title }) => titles.includes(title)).map((one) => one.name);
    if (seen.length === 1 && seen[0] === name) continue;
    throw new HarnessError(
      `${name} should list its own new session alone, and lists those of ${seen.join(", ") || "nobody"}`,
      {
        code: "failed",
        remedy:
          "give each its own data directory, on its own claim, and let its route lead to its own Service",
        look: [existingClaim(name), dataMounts(name), route(name, "rules")],
      },
    );
  }
}

/** The password of one workspace opens no other. */
export async function expectOwnPassword(workspaces: readonly DeployedWorkspace[]): Promise<void> {
  const users = await Promise.all(workspaces.map((workspace) => workspace.user()));
  const pairs = users.flatMap((user) =>
    users.filter((other) => other !== user).map((other) => [user, other] as const),
  );
  await Promise.all(pairs.map(([user, other]) => expectRefused(user, other)));
}

async function expectRefused(user: Workspace, other: Workspace): Promise<void> {
  const { status } = await user.withPasswordOf(other).untilAnswered("/");
  if (status === 401) return;
  throw new HarnessError(
    `https://${user.api.hostname}/ answers ${status} with the password of ${other.name}, not 401`,
    {
      code: "failed",
      remedy: "give each its own password, and let each route lead to its own Service",
      look: [
        inContainer(user.name, "app", "env", "OPENCODE_SERVER_PASSWORD"),
        inValues(user.name, "service"),
      ],
    },
  );
}
