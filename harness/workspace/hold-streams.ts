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
  const [busyEvents, idleEvents, busy, idle] = [
    opened.use(await EventStream.open(user, named("busy event stream"))),
    opened.use(await EventStream.open(user, named("idle event stream"), quietDirectory)),
    opened.use(await Terminal.open(user, named("busy terminal"))),
    opened.use(await Terminal.open(user, named("idle terminal"))),
  ];
  busy.keepTyping();
  busyEvents.keepAnnouncing(busy.id);
  opened.move();
  return [busyEvents, idleEvents, busy, idle];
}
