import { resolve } from "node:path";
import { shellWord } from "../base/index.ts";
import { createProgress, createRunDirectory, createRunId, formatTable } from "../report/index.ts";
import type { WorkspaceAccess, WorldAccess } from "../scenario/index.ts";
import { checkFirst } from "./check-first.ts";
import { type CommandContext, screenOf } from "./context.ts";
import { untilClosed } from "./open.ts";
import { handOver } from "./watch/hand-over.ts";
import type { WorldChoices } from "./world-run.ts";

/**
 * `npm run up`: leaves a cluster with both workspaces running and says how to reach them; to somebody at a terminal it
 * listens then until they end it. Returns the exit code.
 */
export async function upCommand(
  context: CommandContext,
  options: Omit<WorldChoices, "keep"> & { open?: boolean },
): Promise<number> {
  const { stdout, signal, resultsDir } = context;
  const display = createProgress(stdout, screenOf(context));
  const { progress } = display;
  try {
    const { rooms } = context;
    const { open = false, check: _, ...choices } = options;
    await checkFirst({ rooms, progress, signal }, options);
    const runId = createRunId("up");
    const { path: runDir } = await createRunDirectory(resultsDir, runId);
    await rooms.removeLeftovers({ resultsDir, progress, kept: false, signal });
    const manifests = resolve(options.manifests);
    await using world = await rooms.startWorld({
      ...choices,
      manifests,
      keep: "always",
      runId,
      runDir,
      progress,
      signal,
    });
    await progress.task("Workspaces ready", () => world.ready());
    const enter = await world.keep();
    const access = `\n${describeAccess(world.access)}\n\nEnter the cluster:  ${enter}\nRemove it:          npm run down\n`;
    const say = (more = "") => {
      display.close();
      stdout.write(more === "" ? access : `${access}\n${more}\n`);
    };
    if (open) return await untilClosed(context, [], { progress, say });
    say();
    if (context.stdin?.isTTY && stdout.isTTY) await handOver(context, world, options);
    return 0;
  } finally {
    display.close();
  }
}

/** URLs, and what makes them work on this machine. */
export function describeAccess({ workspaces, caFile, kubeconfig }: WorldAccess): string {
  const table = formatTable([
    ["workspace", "URL", "user", "password is in"],
    ...workspaces.map(({ name, url, passwordFile }) => [name, url, "opencode", passwordFile]),
  ]);
  return [
    urlsOf(workspaces),
    "",
    table,
    "From this machine:",
    ...workspaces.map((workspace) => `  ${curlLine(workspace, caFile)}`),
    "In a browser, of which nothing else is changed:\n  npm run open",
    `Kubernetes:\n  export KUBECONFIG=${shellWord(kubeconfig)}`,
  ].join("\n");
}

const urlsOf = (workspaces: WorkspaceAccess[]) => workspaces.map(({ url }) => url).join("  ");

function curlLine({ host, port, address, passwordFile }: WorkspaceAccess, caFile: string): string {
  const where = port === 443 ? host : `${host}:${port}`;
  // curl reads the password from the file: it must not stand in the shell's history or in the process list.
  const login = `--config <(printf 'user = "opencode:%s"' "$(cat ${shellWord(passwordFile)})")`;
  return `curl --cacert ${shellWord(caFile)} --resolve ${host}:${port}:${address} ${login} https://${where}/session`;
}
