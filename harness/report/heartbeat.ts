import { formatDuration } from "./duration.ts";
import { pathOf, type TaskState, wordOf } from "./task-tree.ts";

/** How long a task took when it was done last, in milliseconds. */
export type LastTimeOf = (task: TaskState) => number | undefined;

export interface HeartbeatLine {
  /** Whom the line is about. */
  task: TaskState;
  text: string;
}

/** More names than this are counted. */
const mostNames = 6;

/** One line for each group of tasks that run side by side, however many they are; a task alone has a line for itself. */
export function heartbeatLines(running: TaskState[], now: number, lastTimeOf: LastTimeOf): HeartbeatLine[] {
  const leaves = running.filter((task) => task.wait === undefined && isLeaf(task));
  return [...Map.groupBy(leaves, (leaf) => leaf.parent ?? leaf)].map(([group, members]) => {
    const [only] = members;
    const task = members.length === 1 && only ? only : group;
    const word = task === only ? wordOf(task) : groupWord(group, members);
    const times = timesOf(now - task.startedAt, lastTimeOf(task));
    return {
      task,
      text: `${pathOf(task)}${word === undefined ? "" : `: ${word}`}${percentOf(task)} (${times})`,
    };
  });
}

function isLeaf(task: TaskState): boolean {
  return task.children.every((child) => child.wait !== undefined || child.endedAt !== undefined);
}

/** "12 of 30 built, 3 running: kubernetes, flux, envoy (together with the others)". */
function groupWord(group: TaskState, members: TaskState[]): string {
  const over = group.children.filter(
    ({ wait, endedAt }) => wait === undefined && endedAt !== undefined,
  ).length;
  const head = group.detail ?? (over > 0 ? `${over} done` : undefined);
  const shown = members.slice(0, mostNames);
  const named = [...Map.groupBy(shown, wordOf)].map(([word, same]) => {
    const names = same.map(({ title }) => title).join(", ");
    return word === undefined ? names : `${names} (${word})`;
  });
  const more = members.length > shown.length ? [`${members.length - shown.length} more`] : [];
  const tail = `${members.length} running: ${[...named, ...more].join("; ")}`;
  return head === undefined ? tail : `${head}, ${tail}`;
}

export function percentOf({ fraction }: TaskState): string {
  return fraction === undefined ? "" : ` ${Math.floor(fraction * 100)} %`;
}

/** "2 min 10 s, about 4 min more": what is left goes by the last time. */
export function timesOf(elapsedMs: number, lastMs: number | undefined): string {
  const elapsed = formatDuration(elapsedMs);
  if (lastMs === undefined) return elapsed;
  const left = lastMs - elapsedMs;
  return left > 0
    ? `${elapsed}, about ${roughly(left)} more as last time`
    : `${elapsed}, longer than the last time's ${roughly(lastMs)}`;
}

/** An estimate in seconds would pretend to know. */
function roughly(ms: number): string {
  return ms < 90_000 ? `${Math.max(5, Math.round(ms / 5_000) * 5)} s` : `${Math.round(ms / 60_000)} min`;
}
