import { EventEmitter, once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Writable } from "node:stream";
import { HarnessError, type Whereabouts } from "../base/index.ts";
import type { StartedWorld, TreeChange, WorldOptions } from "../scenario/index.ts";
import type { CommandContext } from "./context.ts";
import type { Rooms } from "./rooms.ts";

/** A directory with one scenario, rooms that only remember what was asked of them, and what the command wrote. */
export interface Stage extends AsyncDisposable {
  context: CommandContext;
  dir: string;
  /** What happened to worlds, in order. */
  acts: string[];
  stdout(): string;
  stderr(): string;
  interrupt(): void;
  /** Resolves once the command has written `text` to standard output. */
  written(text: string): Promise<void>;
  /** Files of the one run. */
  run(): Promise<{ dir: string; files: string[] }>;
  /** The world is gone: its engine died. */
  loseWorld(): void;
  /** Who uses the private engine, in words. */
  engineUsers: string[];
  /** What the check finds that cannot work. */
  blockers: string[];
  /** What else is wrong in its eyes. */
  wrong: Whereabouts[];
  /** What a save is to the world. */
  change: TreeChange;
  /** Trees that it was asked about. */
  checked: string[];
  /** Makes the named act of the next worlds throw. */
  breakAct(act: string, error: Error): void;
  /** It does what it should again. */
  healAct(act: string): void;
  /** Resolves once this has happened. */
  acted(act: string): Promise<void>;
}

const door = join(import.meta.dirname, "..", "index.ts");

/** The example's steps look only at the name of the mutant that its world was published with. */
const example = `
import { HarnessError, scenario } from ${JSON.stringify(door)};
const caughtBy = (message) => ({ step: "work survives", message });
const mutant = (name, message) => ({ name, title: name, pitfall: 2, edit: () => {}, caughtBy: caughtBy(message) });
export default scenario(
  {
    name: "example", title: "An example", covers: { pitfalls: [1, 2] },
    mutants: [mutant("re-clone", /cloned/), mutant("harmless", /cloned/), mutant("early", /cloned/), mutant("other-words", /cloned/), { ...mutant("hangs", /cloned/), orCaughtBy: { step: "pod restarts", message: /again/ } }, ...["over-1", "over-2", "over-leaks"].map((name) => ({ ...mutant(name, /cloned/), overRunning: true })), mutant("engine-dies", /cloned/), { ...mutant("of-another-tree", /cloned/), edit: (tree) => tree.replaceText("no/such/file.yaml", "a", "b") }, { ...mutant("re-clone-of-home", /cloned/), edit: (tree) => tree.replaceText("kubernetes/apps/network/envoy-gateway/app/policies.yaml", "requestTimeout: 0s", "requestTimeout: 9s") }],
  },
  ({ step }) => {
    step("pod starts", async (world) => { if (world.mutant === "early") throw new HarnessError("no pod", { code: "failed" }); });
    step("work survives", async (world) => {
      if (/re-clone|over/.test(world.mutant)) throw new HarnessError("the repository was cloned again", { code: "failed", remedy: "test for .git" });
      if (world.mutant === "other-words") throw new HarnessError("something else", { code: "failed" });
      if (world.mutant === "engine-dies") throw new HarnessError("the engine does not answer", { code: "environment" });
    });
    step("pod restarts", async (world) => { if (world.mutant === "hangs") await new Promise(() => {}); });
  },
);`;

const worldModule = `
import { readFile } from "node:fs/promises";
export const attachWorld = async ({ state }) => {
  const mutant = (await readFile(state, "utf8")) || undefined;
  return {
    mutant,
    lookOnlyAt() {},
    pressedNode: async () => undefined,
    untilPressed: () => new Promise(() => {}),
    withFirstCause: async (error) => error,
    async [Symbol.asyncDispose]() { if (mutant === "over-leaks") throw new Error("the node is still down"); },
  };
};`;

export async function setStage(): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), "commands-"));
  await mkdir(join(dir, "scenarios"));
  await writeFile(join(dir, "scenarios", "example.scenario.ts"), example);
  await writeFile(join(dir, "world.ts"), worldModule);
  const acts: string[] = [];
  const broken = new Map<string, Error>();
  const out: string[] = [];
  const err: string[] = [];
  const abort = new AbortController();
  const stdout = collector(out);
  const happened = new EventEmitter();
  const act = (name: string) => {
    acts.push(name);
    happened.emit("act");
    const error = broken.get(name);
    if (error) throw error;
  };
  const loss = new AbortController();
  const engineUsers: string[] = [];
  const blockers: string[] = [];
  const checked: string[] = [];
  const wrong: Whereabouts[] = [];
  const change: TreeChange = {
    files: ["kubernetes/a.yaml"],
    needs: "publishing",
    isToldByFlux: true,
    isAppliedAlike: false,
  };
  const rooms = fakeRooms(dir, act, { lost: loss.signal, engineUsers, blockers, checked, change, wrong });
  const resultsDir = join(dir, "results");
  return {
    dir,
    acts,
    context: {
      stdout,
      stderr: collector(err),
      env: {},
      scenariosDir: join(dir, "scenarios"),
      resultsDir,
      signal: abort.signal,
      rooms,
    },
    stdout: () => out.join(""),
    stderr: () => err.join(""),
    interrupt: () => abort.abort(new HarnessError("the run was interrupted", { code: "interrupted" })),
    engineUsers,
    blockers,
    checked,
    wrong,
    change,
    loseWorld: () =>
      loss.abort(new HarnessError("the engine has stopped answering", { code: "environment" })),
    async written(text) {
      while (!out.join("").includes(text)) await once(stdout, "written");
    },
    breakAct: (name, error) => broken.set(name, error),
    healAct: (name) => void broken.delete(name),
    async acted(name) {
      while (!acts.includes(name)) await once(happened, "act");
    },
    async run() {
      const [name = "none"] = await readdir(resultsDir);
      return { dir: join(resultsDir, name), files: (await readdir(join(resultsDir, name))).sort() };
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  };
}

function collector(chunks: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      this.emit("written");
      done();
    },
  });
}

function fakeRooms(
  dir: string,
  act: (name: string) => void,
  around: Pick<Stage, "engineUsers" | "blockers" | "checked" | "change" | "wrong"> & { lost: AbortSignal },
): Rooms {
  const { engineUsers, blockers, checked, wrong } = around;
  return {
    worldModule: join(dir, "world.ts"),
    async reuseWorld({ runId }: WorldOptions) {
      act("reuse");
      const state = join(dir, `state-${runId}`);
      await writeFile(state, "");
      return fakeWorld(state, act, around);
    },
    async enterShell(kubeconfigFile) {
      act(`shell ${kubeconfigFile}`);
    },
    async startWorld({ mutant, runId }: WorldOptions) {
      act("start");
      const state = join(dir, `state-${runId}`);
      await writeFile(state, mutant?.name ?? "");
      return fakeWorld(state, act, around);
    },
    async check({ manifests }) {
      checked.push(manifests);
      return { blockers, places: [], wrong, toJudge: [], differences: async () => ({ twins: [] }) };
    },
    async prepareImages() {
      act("prepare");
      const coredns = { name: "coredns", reference: "docker.io/coredns/coredns:1.13.1", version: "1.13.1" };
      const component = {
        ...coredns,
        source: "Go module",
        ms: 1_500,
        bytes: 2_000_000,
        cached: false,
      };
      return { components: [component], directory: "/cache" };
    },
    areImagesPrepared: async () => true,
    async removeLeftovers({ kept }) {
      act(kept ? "remove kept" : "remove leftovers");
      return kept ? ["run-1", "run-2"] : [];
    },
    async showWorkspaces({ names }) {
      act(`show ${names.join(" and ") || "all"}`);
      const closed = Promise.withResolvers<void>();
      return {
        told: "https://flux.example in a window",
        closed: names.includes("stays") ? closed.promise : Promise.resolve(),
        [Symbol.asyncDispose]: async () => act("close windows"),
      };
    },
    async stopPrivateEngine() {
      act("stop engine");
      return { state: engineUsers.length > 0 ? "in use" : "stopped", by: engineUsers };
    },
    async openInBrowser(file) {
      act(`open ${basename(file)}`);
    },
  };
}

function fakeWorld(
  state: string,
  act: (name: string) => void,
  { lost, change }: Pick<Stage, "change"> & { lost: AbortSignal },
): StartedWorld {
  return {
    descriptor: { state },
    kubeconfigFile: "/run/kubeconfig",
    lost,
    access: {
      kubeconfig: "/run/kubeconfig",
      caFile: "/run/ca.pem",
      workspaces: [
        {
          name: "flux",
          url: "https://flux.example",
          host: "flux.example",
          address: "127.0.0.1",
          port: 30443,
          passwordFile: "/run/flux-password",
        },
      ],
    },
    ready: async () => act("ready"),
    reset: async () => act("reset"),
    async reread() {
      act("reread");
      return { change, take: () => act("take the tree") };
    },
    takeBack: async () => act("take back"),
    whereIs: (places) => places.map(({ kind }) => ({ told: `manifests/${kind}.yaml:1` })),
    async publish(mutant, stored) {
      act(`publish ${mutant?.name ?? "as it is"}`);
      await writeFile(state, mutant?.name ?? "");
      stored?.();
    },
    async ledgers() {
      act("ledgers");
      return {
        fidelity: [
          { part: "Ceph", production: "Rook", here: "own driver", why: "no disks", hides: "Ceph's bugs" },
        ],
        egress: [],
        tree: { published: "sha1:abc", applied: "sha1:abc" },
      };
    },
    usage: () => [{ namespace: "opencode", pod: "opencode-flux-1", samples: [[Date.now(), 1e8, 20]] }],
    async collectEvidence(to) {
      act("evidence");
      await mkdir(to, { recursive: true });
    },
    async keep() {
      act("keep");
      return "docker exec -it server bash";
    },
    async [Symbol.asyncDispose]() {
      act("dispose");
    },
  };
}
