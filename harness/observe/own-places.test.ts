import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Cluster } from "../cluster/index.ts";
import { collectEvidence } from "./evidence.ts";
import { LeakSearch } from "./leak-search.ts";
import { ownArtifacts } from "./own-places.ts";

vi.mock("./evidence.ts", () => ({ collectEvidence: vi.fn(async () => {}) }));

const value = "T4mZk8BfY69pQ2vXw7Lr1cDe";
const data = { PASSWORD: Buffer.from(value).toString("base64") };
const secret = { metadata: { namespace: "opencode", name: "one" }, data };
const cluster = { objects: { all: async () => [secret] } } as unknown as Cluster;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "own-places-"));
  await mkdir(join(directory, "evidence"));
  await mkdir(join(directory, "access"));
  await writeFile(join(directory, "access", "kubeconfig"), value);
});
afterEach(() => rm(directory, { recursive: true }));

async function search(): Promise<unknown> {
  const search = new LeakSearch();
  await search.learn({ cluster });
  return search.read([ownArtifacts({ runId: "run-1", directory })], {
    cluster,
    allWorkspaces: [],
  });
}

it("finds a secret in what the run has stored, but for the keys to the cluster", async () => {
  await search();
  await writeFile(join(directory, "evidence", "pods.log"), `token ${value}\n`);
  await expect(search()).rejects.toThrow(/our own results, file evidence\/pods\.log/);
});

it("finds a secret in the evidence that a failure would leave", async () => {
  vi.mocked(collectEvidence).mockImplementationOnce((_, evidence) =>
    writeFile(join(evidence, "events.txt"), value),
  );
  await expect(search()).rejects.toThrow(/our own evidence, file events\.txt/);
});
