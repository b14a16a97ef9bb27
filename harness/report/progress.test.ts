import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addSecret } from "../base/index.ts";
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

describe("timeline", () => {
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
