import type { DeployedWorkspace } from "./deployed-workspace.ts";
import { EventStream } from "./event-stream.ts";
import type { HeldStream } from "./held-stream.ts";
import { Terminal } from "./terminal.ts";

/** A directory that is nobody's project: its event stream has heartbeats and nothing else. */
const quietDirectory = "/tmp";

/**
 * Opens an idle and a busy terminal and an idle and a busy event stream in one workspace. The idle terminal is the one
 * stream on which nothing at all is sent, for OpenCode sends heartbeats on every event stream.
 */
export async function holdStreams(workspace: DeployedWorkspace): Promise<HeldStream[]> {
  const user = await workspace.user();
  await user.untilAnswered("/", { timeoutMs: 20_000 });
  const named = (what: string) => `the ${what} of ${workspace.name}`;
  await using opened = new AsyncDisposableStack();
  const busy = (await holdBusyStreams(workspace)).map((stream) => opened.use(stream));
  const idleEvents = opened.use(
    await EventStream.open(user, named("idle event stream"), { directory: quietDirectory }),
  );
  const idle = opened.use(await Terminal.open(user, named("idle terminal")));
  opened.move();
  return [...busy, idleEvents, idle];
}

/** Opens an event stream and a terminal in one workspace, with traffic on both: numbered events, numbered lines. */
export async function holdBusyStreams(workspace: DeployedWorkspace): Promise<[EventStream, Terminal]> {
  const user = await workspace.user();
  await using opened = new AsyncDisposableStack();
  const events = opened.use(await EventStream.open(user, `the busy event stream of ${workspace.name}`));
  const terminal = opened.use(await Terminal.open(user, `the busy terminal of ${workspace.name}`));
  terminal.keepTyping();
  events.keepAnnouncing(terminal.id);
  opened.move();
  return [events, terminal];
}
