import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HarnessError, outlastMs, silent, type Task, withinTask } from "../base/index.ts";
import { type FakeApiServer, startFakeApiServer } from "./fake-api-server.ts";
import { type AnyObject, ObjectClient } from "./object-client.ts";
import { type Verdict, type Wait, waitFor } from "./wait.ts";

let api: FakeApiServer;
beforeEach(async () => {
  api = await startFakeApiServer();
});
afterEach(() => api[Symbol.asyncDispose]());

const pod = (name: string, phase = "Pending"): AnyObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "opencode",
    uid: `uid-${name}`,
    creationTimestamp: "2026-01-01T00:00:00Z" as never,
  },
  status: { phase },
});

const allRunning = (objects: AnyObject[]): Verdict<string[]> => {
  const late = objects.filter(({ status }) => status.phase !== "Running");
  return late.length === 0
    ? { ready: objects.map(({ metadata }) => metadata?.name ?? "") }
    : { waiting: `${late.map(({ metadata }) => metadata?.name).join(", ")} not running` };
};

function wait<T>(until: Wait<T>["until"], more: Partial<Wait<T>> = {}): Promise<T> {
  return waitFor(api.config, ObjectClient.makeApiClient(api.config), {
    what: "every pod runs",
    apiVersion: "v1",
    kind: "Pod",
    namespace: "opencode",
    timeoutMs: 5_000,
    until,
    ...more,
  });
}

describe("waitFor", () => {
  it("judges the whole selection, never the first of several objects", async () => {
    api.objects = [pod("one", "Running"), pod("two")];
    const shown: number[] = [];
    const ended = wait((objects) => {
      shown.push(objects.length);
      return allRunning(objects);
    });
    await api.untilWatched();
    api.send("MODIFIED", pod("two", "Running"));
    expect(await ended).toEqual(["one", "two"]);
    expect(shown).toEqual([2, 2]);
  });

  it("tells the running task what it waits for, and what it saw, each thing once", async () => {
    api.objects = [pod("one")];
    const said: string[] = [];
    const task: Task = {
      ...silent,
      task: async (title, work, { kind } = {}) => {
        said.push(`${kind}: ${title}`);
        return work({ ...silent, update: (detail) => said.push(detail) });
      },
    };
    const ended = withinTask(task, () => wait(allRunning));
    await api.untilWatched();
    api.send("MODIFIED", pod("one"));
    api.send("MODIFIED", pod("one", "Running"));
    await ended;
    expect(said).toEqual(["wait: every pod runs", "one not running"]);
  });

  it("is a guard where it outlasts what it is watched beside", async () => {
    const kinds: unknown[] = [];
    const task: Task = {
      ...silent,
      task: async (_title, work, { kind } = {}) => {
        kinds.push(kind);
        return work(silent);
      },
    };
    await withinTask(task, () => wait(allRunning, { timeoutMs: outlastMs }));
    expect(kinds).toEqual(["guard"]);
  });

  it("ends without a watch when the list is enough, also when there is nothing", async () => {
    expect(await wait(allRunning)).toEqual([]);
    expect(api.asked).toEqual(["list /api/v1/namespaces/opencode/pods?"]);
  });

  it("watches on from the version that it has listed, only what is meant", async () => {
    const ended = wait(([first]) => (first ? { ready: first } : { waiting: "no pod" }), {
      name: "one",
      labelSelector: "app=one",
    });
    await api.untilWatched();
    api.send("ADDED", pod("one"));
    // In the form of the wire: a date would tell that the list and the watch differ.
    expect((await ended).metadata?.creationTimestamp).toBe("2026-01-01T00:00:00Z");
    const query = "fieldSelector=metadata.name=one&labelSelector=app=one";
    expect(api.asked).toEqual([
      `list /api/v1/namespaces/opencode/pods?${query}`,
      `watch /api/v1/namespaces/opencode/pods?${query}&resourceVersion=7`,
    ]);
  });

  const stuckWhileFailed = ([first]: AnyObject[]): Verdict<string> => {
    const { phase } = first?.status ?? {};
    if (phase === "Failed") return { stuck: "it has failed" };
    return phase === "Running" ? { ready: phase } : { waiting: "not running" };
  };

  it("takes no notice of a failure that is taken back before it has held for as long as it must", async () => {
    api.objects = [pod("one", "Failed")];
    const ended = wait(stuckWhileFailed, { stuckForMs: 60_000 });
    await api.untilWatched();
    api.send("MODIFIED", pod("one", "Pending"));
    api.send("MODIFIED", pod("one", "Running"));
    expect(await ended).toBe("Running");
  });

  it("ends with a failure that has held for as long as it must, and with one that holds at the deadline", async () => {
    api.objects = [pod("one", "Failed")];
    await expect(wait(stuckWhileFailed, { stuckForMs: 20 })).rejects.toThrow("it cannot come: it has failed");
    const late = wait(stuckWhileFailed, { stuckForMs: 60_000, timeoutMs: 1_500 });
    await expect(late).rejects.toThrow("it cannot come: it has failed");
  });

  it("lets a verdict say for itself how long it must hold, and ends with the one that counts first", async () => {
    const judge = (objects: AnyObject[]): Verdict<string> => {
      const phases = objects.map(({ status }) => status?.phase);
      if (phases.includes("Failed")) return { stuck: "it has failed" };
      return phases.includes("Pulling")
        ? { stuck: "nothing is pulled", forMs: 60_000 }
        : { waiting: "none yet" };
    };
    api.objects = [pod("one", "Pulling")];
    const ended = wait(judge);
    await api.untilWatched();
    api.send("ADDED", pod("two", "Failed"));
    await expect(ended).rejects.toThrow("it cannot come: it has failed");
    const held = wait(judge, { timeoutMs: 1_500 });
    api.objects = [pod("one", "Pulling")];
    await expect(held).rejects.toThrow("it cannot come:");
  });

  it("sees that the last object goes", async () => {
    api.objects = [pod("one")];
    const ended = wait((objects) => (objects.length === 0 ? { ready: true } : { waiting: "still there" }));
    await api.untilWatched();
    api.send("DELETED", pod("one"));
    expect(await ended).toBe(true);
  });

  it("goes on when the API server ends the watch, and sees what happened meanwhile", async () => {
    api.objects = [pod("one")];
    const ended = wait(allRunning);
    await api.untilWatched();
    api.objects = [pod("one", "Running")];
    api.endWatches();
    expect(await ended).toEqual(["one"]);
  });

  it.each([503, 429, 404])("waits for an API server that answers %i", async (status) => {
    api.refuseWith = [status, status];
    expect(await wait(allRunning)).toEqual([]);
  });

  it("blames nobody's manifests where the API server could not be asked", async () => {
    api.refuseWith = Array(100).fill(503);
    await expect(wait(allRunning, { timeoutMs: 500 })).rejects.toMatchObject({
      code: "environment",
      message: expect.stringMatching(
        /^expected that every pod runs: not within .*; the API server could not be asked: /,
      ),
    });
  });

  it("waits for a kind that the API server does not know yet", async () => {
    api.knowsPods = false;
    setTimeout(() => {
      api.knowsPods = true;
    }, 50);
    expect(await wait(allRunning)).toEqual([]);
  });

  it("does not wait for a right that it has not", async () => {
    api.refuseWith = [403];
    await expect(wait(allRunning)).rejects.toMatchObject({ code: 403 });
  });

  it("ends at once with the reason and the diagnosis when waiting is no use", async () => {
    const error = await wait(() => ({ stuck: "the image does not exist" }), {
      diagnose: async () => "last log line",
    }).catch((caught) => caught);
    expect(error).toBeInstanceOf(HarnessError);
    expect(error).toMatchObject({
      code: "failed",
      message: "expected that every pod runs: it cannot come: the image does not exist",
      details: "last log line",
    });
  });

  it("says at the deadline what it saw last, even if the diagnosis fails", async () => {
    api.objects = [pod("one")];
    const late = wait(allRunning, { timeoutMs: 300, diagnose: () => Promise.reject(new Error("no events")) });
    await expect(late).rejects.toMatchObject({
      code: "failed",
      message: expect.stringMatching(
        /^expected that every pod runs: not within \d.* s; last seen: one not running$/,
      ),
      details: "no diagnosis: no events",
    });
  });

  it("ends as interrupted when its signal is aborted", async () => {
    api.objects = [pod("one")];
    const abort = new AbortController();
    const ended = wait(allRunning, { signal: abort.signal });
    await api.untilWatched();
    abort.abort();
    await expect(ended).rejects.toMatchObject({ code: "interrupted" });
  });

  it("ends at its deadline though the API server never answers", async () => {
    const silent = api.config;
    const { createServer } = await import("node:http");
    const server = createServer(() => {}).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    silent.loadFromClusterAndUser(
      { name: "silent", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: "nobody" },
    );
    await expect(wait(allRunning, { timeoutMs: 200 })).rejects.toMatchObject({
      code: "environment",
      message: expect.stringContaining("the API server could not be asked: it says nothing"),
    });
    server.closeAllConnections();
    server.close();
  });

  it("throws what the condition throws, in the list and in the watch", async () => {
    const broken = () => {
      throw new TypeError("a bug");
    };
    await expect(wait(broken)).rejects.toThrow("a bug");
    const later = wait((objects) => (objects.length > 0 ? broken() : { waiting: "no pod" }));
    await api.untilWatched();
    api.send("ADDED", pod("one"));
    await expect(later).rejects.toThrow("a bug");
  });
});
