import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { create } from "tar";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addSecret } from "../base/index.ts";
import type { AnyObject } from "../cluster/index.ts";
import { filesIn } from "./container-evidence.ts";
import { collectEvidence, type EvidenceSources } from "./evidence.ts";

const password = "correct-horse-battery";
addSecret("server password", password);

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-"));
});
afterEach(() => rm(dir, { recursive: true }));

const pod = (name: string): AnyObject => ({
  metadata: { name, namespace: "opencode", managedFields: [{ manager: "kubelet" }] },
  spec: { initContainers: [{ name: "clone" }], containers: [{ name: "app", env: [{ value: password }] }] },
});

/** A cluster that knows pods and events, whose second pod is on a node that is gone. */
const cluster = {
  objects: {
    async all({ kind }: { kind: string }) {
      if (kind === "Pod") return [pod("one"), pod("two")];
      if (kind === "Event") {
        const involvedObject = { kind: "Pod", namespace: "opencode", name: "one" };
        const event = {
          type: "Warning",
          reason: "Failed",
          message: `login with ${password}`,
          involvedObject,
        };
        return [{ ...event, lastTimestamp: "2026-01-01T00:00:00Z" }];
      }
      if (kind === "Gateway") throw new Error("the server could not find the requested resource");
      return [];
    },
  },
  async log({ pod, container }: { pod: string; container: string }, options?: { previous?: boolean }) {
    if (pod === "two") throw new Error("no route to host");
    return options?.previous ? "" : `${container} says ${password}\n`;
  },
} as unknown as EvidenceSources["cluster"];

const read = (file: string) => readFile(join(dir, file), "utf8");
const containers: EvidenceSources["containers"] = async (runId, write) =>
  write("container-server.log", `${runId} ${password}`);

describe("collectEvidence", () => {
  it("stores objects, events and logs, every one of them redacted", async () => {
    await collectEvidence({ runId: "run-1", cluster, containers }, dir);
    const files = await readdir(dir);
    expect(files.sort()).toEqual([
      "container-server.log",
      "events.txt",
      "incomplete.txt",
      "opencode-one-app.log",
      "opencode-one-clone.log",
      "pod.yaml",
    ]);
    for (const file of files) expect(await read(file)).not.toContain(password);
    expect(await read("opencode-one-app.log")).toBe("app says [redacted server password]\n");
    expect(await read("events.txt")).toBe(
      "2026-01-01T00:00:00.000Z Warning Pod opencode/one Failed: login with [redacted server password]",
    );
    expect(await read("pod.yaml")).not.toContain("managedFields");
  });

  it("leaves no secret in two halves, wherever it stands in a long text", async () => {
    const values = Array.from({ length: 120 }, (_, length) => `\u0007${"x".repeat(length)}${password}y`);
    const long = { metadata: { name: "one", namespace: "opencode" }, spec: { containers: [], values } };
    const all = async ({ kind }: { kind: string }) => (kind === "Pod" ? [long] : []);
    await collectEvidence(
      { runId: "run-1", cluster: { ...cluster, objects: { all } } as never, containers },
      dir,
    );
    const text = await read("pod.yaml");
    expect(text.match(/\[redacted server password\]y/g)).toHaveLength(values.length);
  });

  it("notes what could not be had, one line each", async () => {
    await collectEvidence({ runId: "run-1", cluster, containers }, dir);
    expect((await read("incomplete.txt")).split("\n").sort()).toEqual([
      "Gateway: the server could not find the requested resource",
      "log of opencode-two-app: no route to host",
      "log of opencode-two-clone: no route to host",
    ]);
  });

  it("has the containers where there is no cluster", async () => {
    await collectEvidence({ runId: "run-1", containers }, dir);
    expect(await readdir(dir)).toEqual(["container-server.log"]);
  });

  it("survives an engine that does not answer", async () => {
    const dead = () => Promise.reject(new Error("connect ENOENT docker.sock"));
    await collectEvidence({ runId: "run-1", containers: dead }, dir);
    expect(await read("incomplete.txt")).toBe("containers: connect ENOENT docker.sock");
  });
});

describe("what the engine sends", () => {
  it("is unpacked from an archive", async () => {
    await writeFile(join(dir, "kubelet.log"), "started\n");
    await writeFile(join(dir, "etcd.log"), "elected\n");
    const archive = create({ cwd: dir }, ["."]) as unknown as Readable;
    const files = await filesIn(archive);
    expect(files.map(({ path, text }) => [path.split("/").at(-1), text]).sort()).toEqual([
      ["etcd.log", "elected\n"],
      ["kubelet.log", "started\n"],
    ]);
  });
});
