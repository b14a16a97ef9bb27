import type { getContainerRuntimeClient } from "testcontainers";
import { expect, it, vi } from "vitest";
import { storeContainers } from "./container-evidence.ts";

/** A container that has put out three thousand lines, and answers as the engine does. */
const lines = Array.from({ length: 3_000 }, (_, index) => `line ${index}\n`);
let isNode = false;
const container = {
  inspect: async () => ({
    NetworkSettings: { Networks: { run: { Aliases: [isNode ? "agent-1" : "github"] } } },
    HostConfig: { Privileged: isNode },
    State: { ExitCode: 0 },
  }),
  // As of a path that is not there: rancher/k3s logs to its output alone.
  getArchive: () => Promise.reject(Object.assign(new Error("no such path"), { statusCode: 404 })),
  logs: async ({ tail = lines.length, timestamps = false }) => {
    const text = lines.slice(-tail).map((line) => (timestamps ? `2026-01-01T00:00:00Z ${line}` : line));
    const content = Buffer.from(text.join(""));
    const head = Buffer.alloc(8);
    head.writeUInt32BE(content.length, 4);
    return Buffer.concat([head, content]);
  },
};
vi.mock(import("testcontainers"), async (importOriginal) => ({
  ...(await importOriginal()),
  getContainerRuntimeClient: async () =>
    ({
      container: {
        dockerode: {
          listContainers: async () => [{ Id: "0123", Image: "fixtures", State: "running" }],
          getContainer: () => container,
        },
      },
    }) as unknown as Awaited<ReturnType<typeof getContainerRuntimeClient>>,
}));

async function stored(options?: { whole: boolean }): Promise<string[]> {
  const found: string[] = [];
  const write = async (file: string, text: string) => void found.push(file, ...text.split("\n"));
  await storeContainers("run-1", write, (_what, work) => work(), options);
  return found;
}

it("a person gets the last lines of a container, each with its time", async () => {
  const [file, head, first, ...others] = await stored();
  expect([file, head]).toEqual(["container-github.log", "github (fixtures): running, exit code 0"]);
  expect(first).toBe("2026-01-01T00:00:00Z line 1000");
  expect(others).toHaveLength(2_000);
});

it("a search gets all of them, as they are", async () => {
  const [, , ...found] = await stored({ whole: true });
  expect(found.join("\n")).toBe(lines.join(""));
});

it("of a node that has no folder of logs the output is the evidence", async () => {
  isNode = true;
  try {
    const [file, ...found] = await stored();
    expect(file).toBe("container-agent-1.log");
    expect(found.filter((line) => line.includes("node-"))).toEqual([]);
  } finally {
    isNode = false;
  }
});
