import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addSecret, HarnessError, mark, type Task } from "../base/index.ts";
import { createProgress } from "./progress.ts";
import { forwardProgress, type ProgressEvent, progressEvents, reparent } from "./progress-events.ts";
import { createTimeline } from "./timeline.ts";

function collector(properties: object = {}) {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, properties), text: () => chunks.join("") };
}

beforeEach(() =>
  vi.useFakeTimers({ now: 1_000_000, toFake: ["Date", "setTimeout", "setInterval", "clearInterval"] }),
);
afterEach(() => void vi.useRealTimers());

describe("progress in a pipe", () => {
  it("shows what a title or an error would have a terminal do", async () => {
    const events: ProgressEvent[] = [];
    const failing = progressEvents((event) => events.push(event)).task("a\u001b[1A\rb", async (task) => {
      task.note("c\u001b[8m");
      task.update("d\u001b]0;e", 0.5);
      throw new Error("f\u009b2K");
    });
    await expect(failing).rejects.toThrow();
    expect(events).toMatchObject([
      { title: "a␛[1A␍b" },
      { text: "c␛[8m" },
      { detail: "d␛]0;e" },
      { error: "f\\u009b2K" },
    ]);
  });

  it("writes the start and the end of each task with its path and time, and no control characters", async () => {
    const { stream, text } = collector();
    const { progress, close } = createProgress(stream, { isTTY: false, env: {} });
    await progress.task("Platform", async (platform) => {
      await platform.task("Flux", async () => void vi.advanceTimersByTime(2_500));
      platform.note("\u001b[31mred\u001b[0m\nnext");
    });
    close();
    expect(text()).toBe(
      [
        "    0.0s  start  Platform",
        "    0.0s  start  Platform > Flux",
        "    2.5s  done   Platform > Flux (2.5 s)",
        "    2.5s  note   red | next",
        "    2.5s  done   Platform (2.5 s)",
        "",
      ].join("\n"),
    );
  });

  it("says each 30 s what a long task is at", async () => {
    const { stream, text } = collector();
    const { progress, close } = createProgress(stream, { isTTY: false, env: {} });
    await progress.task("Images", async (task) => {
      task.update("etcd", 0.426);
      vi.advanceTimersByTime(65_000);
    });
    close();
    expect(
      text()
        .split("\n")
        .filter((line) => line.includes("still")),
    ).toEqual([
      "   30.0s  still  Images: etcd 42 % (30.0 s)",
      "   60.0s  still  Images: etcd 42 % (1 min 00 s)",
    ]);
  });

  it("says in one line what a group of tasks is at, those that say the same together", async () => {
    const { stream, text } = collector();
    const { progress, close } = createProgress(stream, { isTTY: false, env: {} });
    await progress.task("Images", async (images) => {
      await images.task("pause", async () => {});
      await Promise.all(
        ["etcd", "coredns", "node"].map((name) =>
          images.task(name, async (task) => {
            if (name !== "node") task.update("together with the other programs");
            await vi.advanceTimersByTimeAsync(10_000);
          }),
        ),
      );
    });
    close();
    expect(
      text()
        .split("\n")
        .filter((line) => line.includes("still")),
    ).toEqual([
      "   30.0s  still  Images: 1 done, 3 running: etcd, coredns (together with the other programs); node (30.0 s)",
    ]);
  });

  it("says how long it may take by how long it took last time", async () => {
    const { stream, text } = collector();
    const lastTimes = { of: () => 300_000, emit: () => {}, close: () => {} };
    const { progress, close } = createProgress(stream, { isTTY: false, env: {}, lastTimes });
    await progress.task("Images", async () => void vi.advanceTimersByTime(331_000));
    close();
    expect(text()).toContain("still  Images (30.0 s, about 5 min more as last time)");
    expect(text()).toContain("still  Images (5 min 30 s, longer than the last time's 5 min)");
  });

  it("has no line for a wait, and says of the task that it is part of what it saw last", async () => {
    const { stream, text } = collector();
    const { progress, close } = createProgress(stream, { isTTY: false, env: {} });
    await progress.task("Step", (task) =>
      task.task(
        "the pod is Ready",
        async (wait) => {
          wait.update("is Pending");
          vi.advanceTimersByTime(31_000);
        },
        { kind: "wait" },
      ),
    );
    close();
    expect(
      text()
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(10)),
    ).toEqual(["start  Step", "still  Step: the pod is Ready: is Pending (30.0 s)", "done   Step (31.0 s)"]);
  });

  it("says nothing of a guard: what must not come is not what is waited for", async () => {
    const { stream, text } = collector();
    const { progress, close } = createProgress(stream, { isTTY: false, env: {} });
    const said = (what: string, kind: "wait" | "guard") => (task: Task) =>
      task.task(
        what,
        async (wait) => {
          wait.update("spoke last");
          vi.advanceTimersByTime(20_000);
        },
        { kind },
      );
    await progress.task("Step", (task) =>
      Promise.all([said("the pod is Ready", "wait")(task), said("no key is missing", "guard")(task)]),
    );
    close();
    expect(text()).toMatch(/still {2}Step: the pod is Ready: spoke last \(/);
    expect(text()).not.toMatch(/no key is missing|more\)/);
  });

  it("tells why a task failed, passes the error on, and shows no secret", async () => {
    addSecret("PAT", "ghp_progress_secret");
    const { stream, text } = collector();
    const { progress, close } = createProgress(stream, { isTTY: false, env: {} });
    const work = () => Promise.reject(new Error("clone with ghp_progress_secret failed"));
    await expect(progress.task("Clone", work)).rejects.toThrow("clone with");
    close();
    expect(text()).toContain("failed Clone (0 ms): clone with [redacted PAT] failed");
  });
});

describe("progress on a terminal", () => {
  const terminal = { isTTY: true, columns: 100, rows: 20 };

  it("redraws running tasks, side by side and nested, and leaves one line for each that is over", async () => {
    const { stream, text } = collector(terminal);
    const { progress, close } = createProgress(stream, { isTTY: true, env: { NO_COLOR: "1" } });
    await Promise.all([
      progress.task("Images", async (task) => {
        task.update("etcd", 0.5);
        vi.advanceTimersByTime(1_200);
      }),
      progress.task("Cluster", (task) => task.task("Nodes", async () => {})),
    ]);
    close();
    expect(text()).toContain("Images 1.2 s 50 % etcd");
    expect(text()).toMatch(/ {2}. Nodes/);
    expect(text()).toContain("✔ Images 1.2 s");
    expect(text()).toContain("✔ Cluster");
    expect(text()).not.toContain("\u001b[3");
  });

  it("shows the wait that spoke last on the line of its task, cut to the width of the terminal", async () => {
    const { stream, text } = collector({ ...terminal, columns: 60 });
    const { progress, close } = createProgress(stream, { isTTY: true, env: { NO_COLOR: "1" } });
    const wait = (what: string, said: string, task: Task) =>
      task.task(
        what,
        async (waiting) => {
          waiting.update(said);
          vi.advanceTimersByTime(200);
        },
        { kind: "wait" },
      );
    await progress.task("Step", (task) =>
      Promise.all([
        wait("the first", "x", task),
        wait("the second", "is Pending, and has a long story to tell", task),
      ]),
    );
    close();
    expect(text()).toMatch(/Step 300 ms the second: is Pending, and has a long story…/);
    expect(text()).not.toMatch(/^ {2}. the second/m);
  });

  it("stays with plain lines in CI and on a dumb terminal", async () => {
    for (const env of [{ CI: "true" }, { TERM: "dumb" }]) {
      const { stream, text } = collector(terminal);
      const { progress, close } = createProgress(stream, { isTTY: true, env });
      await progress.task("Images", async () => {});
      close();
      expect(text()).not.toContain("\u001b");
    }
  });
});

describe("progress of another process", () => {
  it("hangs its tasks and notes below the given task", async () => {
    const events: ProgressEvent[] = [];
    const worker = progressEvents((event) => events.push(reparent(event, "step 1")));
    await worker.task("wait", async (task) => {
      task.note("seen");
      await task.task("inner", async () => {});
    });
    worker.note("outside");
    const parents = events.flatMap((event) => ("parent" in event ? [event.parent] : []));
    expect(parents).toEqual(["step 1", "step 1/1", "step 1/1", "step 1"]);
    expect(new Set(events.flatMap((event) => ("id" in event ? [event.id] : [])))).toEqual(
      new Set(["step 1/1", "step 1/2"]),
    );
  });

  it("knows what is running and at what", async () => {
    const { progress, running } = forwardProgress(() => {});
    let during: string[] = [];
    await progress.task("pod is Ready", async (task) => {
      task.update("phase Pending");
      await task.task("image", async () => {});
      during = running();
    });
    expect(during).toEqual(["pod is Ready (phase Pending)"]);
    expect(running()).toEqual([]);
  });
});

describe("facts of a run", () => {
  it("reach the task that is running, however deep they are told", async () => {
    const events: ProgressEvent[] = [];
    addSecret("FACT", "s3cret-in-a-fact");
    await progressEvents((event) => events.push(event)).task("Step", async () => {
      await Promise.resolve();
      mark("the pod with s3cret-in-a-fact is deleted");
    });
    mark("outside of every task");
    expect(events.filter(({ kind }) => kind === "fact")).toEqual([
      {
        at: 1_000_000,
        kind: "fact",
        parent: "/1",
        fact: { what: "mark", title: "the pod with [redacted FACT] is deleted" },
      },
    ]);
  });
});

describe("timeline", () => {
  it("knows what each wait saw and when, what was done to the world, and how a move divides", async () => {
    const timeline = createTimeline();
    const progress = progressEvents(timeline.emit);
    await progress.task("Step", async (step) => {
      vi.advanceTimersByTime(100);
      mark("node agent-1 dies");
      step.note("a line for the reader");
      step.record({
        what: "division",
        title: "it moves",
        startedAt: 1_000_050,
        parts: [{ part: "evict", ms: 50 }],
      });
      await step.task("the pod is Ready", async (wait) => wait.update("is Pending"), { kind: "wait" });
    });
    expect(timeline.timeline().entries).toEqual([
      {
        title: "Step",
        startMs: 0,
        ms: 100,
        notes: [{ atMs: 100, text: "a line for the reader" }],
        marks: [{ atMs: 100, text: "node agent-1 dies" }],
        divisions: [{ title: "it moves", startMs: 50, parts: [{ part: "evict", ms: 50 }] }],
        children: [
          {
            title: "the pod is Ready",
            kind: "wait",
            startMs: 100,
            ms: 0,
            said: [{ atMs: 100, text: "is Pending" }],
            children: [],
          },
        ],
      },
    ]);
  });

  it("takes a wait that nobody needed any more for no failure", async () => {
    const timeline = createTimeline();
    const givenUp = () => Promise.reject(new HarnessError("interrupted", { code: "interrupted" }));
    await progressEvents(timeline.emit)
      .task("a pod fails", givenUp, { kind: "wait" })
      .catch(() => {});
    expect(timeline.timeline().entries[0]).not.toHaveProperty("error");
  });

  it("has each stream as it was told last", () => {
    const timeline = createTimeline();
    const progress = progressEvents(timeline.emit);
    const stream = { what: "stream" as const, id: "1", name: "the terminal", openedAt: 1_000_100 };
    progress.record({ ...stream, until: 1_002_000, bytes: [[0, 5]] });
    progress.record({
      ...stream,
      until: 1_004_000,
      cut: "closed",
      firstByteAt: 1_000_200,
      lastByteAt: 1_001_300,
      bytes: [
        [0, 5],
        [1, 7],
      ],
    });
    expect(timeline.timeline().streams).toEqual([
      {
        name: "the terminal",
        startMs: 100,
        endMs: 4_000,
        cut: "closed",
        firstByteMs: 200,
        lastByteMs: 1_300,
        bytes: [
          [0, 5],
          [1, 7],
        ],
      },
    ]);
  });

  it("has with each stream whose step told of it, from within whatever task", async () => {
    const timeline = createTimeline();
    const fact = { what: "stream" as const, id: "1", name: "a", openedAt: 0, until: 1, bytes: [] };
    timeline.emit({ at: 1, kind: "start", id: "step", title: "drain: moves", of: "drain" });
    await progressEvents(timeline.emit, "step").task("look", async (task) => task.record(fact));
    timeline.emit({ at: 1, kind: "fact", fact: { ...fact, id: "2" } });
    expect(timeline.timeline().streams.map(({ of }) => of)).toEqual(["drain", undefined]);
  });

  it("keeps phases with start, length, error and what ran inside", async () => {
    const timeline = createTimeline();
    const progress = progressEvents(timeline.emit);
    vi.advanceTimersByTime(100);
    await progress.task("Platform", (task) =>
      task.task("Flux", async () => void vi.advanceTimersByTime(200)),
    );
    await progress.task("Tree", () => Promise.reject(new Error("rejected"))).catch(() => {});
    expect(timeline.timeline().entries).toEqual([
      {
        title: "Platform",
        startMs: 100,
        ms: 200,
        children: [{ title: "Flux", startMs: 100, ms: 200, children: [] }],
      },
      { title: "Tree", startMs: 300, ms: 0, error: "rejected", children: [] },
    ]);
  });
});
