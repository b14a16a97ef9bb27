import { EventEmitter, once } from "node:events";
import { copyFile, cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { checkoutDir, HarnessError, scratchDirectory } from "../../base/index.ts";
import type { Round } from "../../report/index.ts";
import { scenarioCommand } from "../scenario.ts";
import type { Probe, ProbeInput } from "./measure.ts";

const scenario = "persistence";
const edited = "kubernetes/apps/opencode/opencode-flux/app";

interface Save {
  measure: string;
  file: string;
  edit(text: string): string;
  /** What the person waits for, as milliseconds since the save; undefined as long as it is not there. */
  verdict(round: Round): number | undefined;
}

const firstStep = ({ first, outcome, ms }: Round) => first?.ms ?? (outcome === "failed" ? ms : undefined);
const saves: Save[] = [
  {
    measure: `watch ${scenario}: a comment is saved → its first step`,
    file: "helmrelease.yaml",
    edit: (text) => `${text}# a comment\n`,
    verdict: firstStep,
  },
  {
    measure: `watch ${scenario}: a limit of memory is saved → its first step`,
    file: "helmrelease.yaml",
    edit: (text) => text.replace("memory: 1Gi", "memory: 1100Mi"),
    verdict: firstStep,
  },
  {
    measure: `watch ${scenario}: a misspelt key is saved → it is told`,
    file: "externalsecret.yaml",
    edit: (text) => text.replace("_SERVER_PASSWORD", "_SERVER_PASSWROD"),
    verdict: ({ outcome, ms }) => (outcome === "failed" ? ms : undefined),
  },
];

/** Somebody saves one thing after the other, and does not wait for more than the first that is told of it. */
export const watchRounds: Probe = {
  name: "watch",
  title: "Watch",
  runsOnce: true,
  measures: saves.map(({ measure: name }) => ({ name, unit: "s", limit: 20, aim: 10 })),
  async run(input) {
    const tree = await scratchDirectory("bench-watch");
    try {
      await cp(join(checkoutDir, "manifests"), tree, { recursive: true });
      await copyFile(join(checkoutDir, "fixtures/home/outside.yaml"), join(tree, "outside.yaml"));
      return await savedOneByOne(input, tree);
    } finally {
      await rm(tree, { recursive: true });
    }
  },
};

async function savedOneByOne({ context, images }: ProbeInput, tree: string): Promise<Record<string, number>> {
  const ended = new AbortController();
  const seen = new SeenRounds();
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  const signal = AbortSignal.any([context.signal, ended.signal]);
  const choices = { manifests: tree, images, store: "doppler", keep: "never" } as const;
  const watching = scenarioCommand({ ...context, stdout, signal }, [scenario], {
    ...choices,
    list: false,
    watch: true,
    told: (round) => seen.tell(round),
  });
  try {
    const saving = saveAll(tree, seen);
    saving.catch(() => {}); // where the watch ends first
    return await Promise.race([saving, watching.then(() => ({}))]);
  } finally {
    ended.abort(new HarnessError("all is saved and measured", { code: "interrupted" }));
    await watching;
  }
}

async function saveAll(tree: string, seen: SeenRounds): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  await seen.until(1, ({ outcome }) => (outcome === "passed" ? 1 : undefined));
  for (const [index, { measure, file, edit, verdict }] of saves.entries()) {
    await write(join(tree, edited, file), edit);
    found[measure] = (await seen.until(index + 2, verdict)) / 1_000;
  }
  return found;
}

/** What a watch has told of its rounds. */
class SeenRounds {
  readonly #rounds = new Map<number, Round>();
  readonly #news = new EventEmitter();

  tell(round: Round): void {
    this.#rounds.set(round.number, round);
    this.#news.emit("news");
  }

  /** What is found in the round of this number, as soon as something is. */
  async until<T>(number: number, find: (round: Round) => T | undefined): Promise<T> {
    for (;;) {
      const round = this.#rounds.get(number);
      const found = round && find(round);
      if (found !== undefined) return found;
      await once(this.#news, "news");
    }
  }
}

async function write(file: string, edit: (text: string) => string): Promise<void> {
  const text = await readFile(file, "utf8");
  const changed = edit(text);
  if (changed === text) throw new Error(`the edit changes nothing in ${file}`);
  await writeFile(file, changed);
}
