import type { TimelineEntry } from "../../timeline.ts";
import type { Plan } from "./plans.ts";
import { ms } from "./seconds.ts";

/** The steps of a scenario, one after the other, with their waits. */
export function entriesOf({ name, steps, startSeconds, fails }: Plan): TimelineEntry[] {
  let at = startSeconds;
  return steps.map(([title, seconds, notes = [], waits = [], marks = []], index) => {
    const startMs = ms(at);
    at += seconds;
    const isFailed = fails !== undefined && index === steps.length - 1;
    return {
      title: `${name}: ${title}`,
      startMs,
      ms: ms(seconds),
      ...(isFailed ? { error: fails.message } : {}),
      ...(notes.length > 0 ? { notes: notes.map((text) => ({ atMs: startMs + ms(seconds), text })) } : {}),
      ...(marks.length > 0
        ? { marks: marks.map(([second, text]) => ({ atMs: startMs + ms(second), text })) }
        : {}),
      ...(title.includes("was let go") ? { divisions: moves(startMs) } : {}),
      children: waits.map(([what, long, ...said]) => ({
        title: what,
        kind: "wait" as const,
        startMs: startMs + 200,
        ms: ms(long),
        said: said.map((text, place) => ({ atMs: startMs + 200 + place * 1_900, text })),
        children: [],
      })),
    };
  });
}

function moves(startMs: number) {
  const parts = (...seconds: number[]) =>
    ["evict", "end and unmount", "detach", "attach", "stage", "init", "Ready"].map((part, index) => ({
      part,
      ms: ms(seconds[index] ?? 0),
    }));
  return [
    {
      title: "opencode-flux moves from agent-1 to agent-2",
      startMs: startMs - 15_000,
      parts: parts(0.3, 1.4, 0.2, 0.4, 0.3, 1.1, 7.9),
    },
    {
      title: "opencode-ha moves from agent-1 to agent-2",
      startMs: startMs - 15_000,
      parts: parts(0.4, 2.3, 0.2, 0.5, 0.3, 1.1, 8.1),
    },
  ];
}
