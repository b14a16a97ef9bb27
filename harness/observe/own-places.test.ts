import type { Dirent } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Cluster } from "../cluster/index.ts";
import { collectEvidence } from "./evidence.ts";
import { LeakSearch } from "./leak-search.ts";
import { ownArtifacts } from "./own-places.ts";

const original = await vi.importActual<typeof import("node:fs/promises")>("node:fs/promises");
vi.mock("node:fs/promises", { spy: true });
vi.mock("./evidence.ts", () => ({ collectEvidence: vi.fn(async () => {}) }));

const value = "T4mZk8BfY69pQ2vXw7Lr1cDe";
const data = { PASSWORD: Buffer.from(value).toString("base64") };
const secret = { metadata: { namespace: "opencode", name: "one" }, data };
const cluster = { objects: { all: async () => [secret] } } as unknown as Cluster;
let root: string;
/** The second world's. */
let directory: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "own-places-"));
  directory = join(root, "world-2");
  for (const folder of ["evidence", "console"]) await mkdir(join(root, folder));
  for (const world of [root, directory]) {
    await mkdir(join(world, "access"), { recursive: true });
    await writeFile(join(world, "access", "kubeconfig"), value);
  }
});
afterEach(async () => {
  vi.mocked(readdir).mockRestore();
  await rm(root, { recursive: true });
});

async function search(of = directory): Promise<unknown> {
  const search = new LeakSearch();
  await search.learn({ cluster });
  return search.read([ownArtifacts({ runId: "run-1", directory: of, root })], {
    cluster,
    allWorkspaces: [],
  });
}

it.each(["evidence/pods.log", "console/login.log", "world-2/egress.json"])(
  "finds a secret in what the run has stored as %s, whichever world asks",
  async (file) => {
    await search();
    await writeFile(join(root, file), `token ${value}\n`);
    for (const world of [root, directory])
      await expect(search(world)).rejects.toThrow(`our own results, file ${file}`);
  },
);

it("finds a secret in the evidence that a failure would leave", async () => {
  vi.mocked(collectEvidence).mockImplementationOnce((_, evidence) =>
    writeFile(join(evidence, "events.txt"), value),
  );
  await expect(search()).rejects.toThrow(/our own evidence, file events\.txt/);
});

/** Node lists one folder after the other, too: between two of them the other world removes this one. */
function removedWhileListed(gone: string): void {
  const list = async (path: string, isRecursive: boolean): Promise<Dirent[]> => {
    const entries = await original.readdir(path, { withFileTypes: true });
    if (path === root) await rm(gone, { recursive: true });
    const folders = isRecursive ? entries.filter((entry) => entry.isDirectory()) : [];
    const below = await Promise.all(folders.map(({ name }) => list(join(path, name), true)));
    return [...entries, ...below.flat()];
  };
  const listed = (path: string, { recursive = false } = {}) => list(path, recursive);
  vi.mocked(readdir).mockImplementation(listed as unknown as typeof readdir);
}

it.each(["evidence", "access"])(
  "takes a folder %s for empty that is removed while the results are listed",
  async (folder) => {
    await mkdir(join(root, folder, "evidence-1"), { recursive: true });
    removedWhileListed(join(root, folder));
    await expect(search()).resolves.toBeDefined();
  },
);
