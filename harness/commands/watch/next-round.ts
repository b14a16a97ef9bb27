import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LoadedScenario } from "../../scenario/index.ts";
import { Rounds, type RoundsOptions } from "../run-rounds.ts";
import type { Session } from "../run-session.ts";
import { FirstLook } from "./first-look.ts";

/** A round that has not begun: what it needs first can be loaded while nobody waits for it. */
export class NextRound implements AsyncDisposable {
  /** Of this round alone; it ends with `overtake`. */
  readonly session: Session;
  /** All of it. */
  readonly rounds: Rounds;
  /** Only where one scenario that is about the first start is watched. */
  readonly look: FirstLook | undefined;
  readonly #scenarios: readonly LoadedScenario[];
  readonly #overtaken = new AbortController();
  #loaded: Promise<string> | undefined;

  constructor(session: Session, scenarios: LoadedScenario[], options: RoundsOptions) {
    const signal = AbortSignal.any([session.signal, this.#overtaken.signal]);
    this.#scenarios = scenarios;
    this.session = { ...session, signal, scenarios: [], mutants: [] };
    this.rounds = new Rounds(this.session, scenarios, options);
    const [scenario] = scenarios;
    const isAlone = scenarios.length === 1 && scenario?.world?.isFirst === true;
    this.look = isAlone ? new FirstLook(this.session, scenario) : undefined;
  }

  /** Begins nothing in a world. Again is fine. */
  load(): void {
    this.#loaded ??= stampOf(this.#scenarios);
    (this.look ?? this.rounds).load();
  }

  /** Whether the scenarios have been edited since they were loaded. */
  async isStale(): Promise<boolean> {
    return this.#loaded !== undefined && (await this.#loaded) !== (await stampOf(this.#scenarios));
  }

  /** It ends as soon as this signal is aborted. */
  overtakenBy(signal: AbortSignal): void {
    if (signal.aborted) this.#overtaken.abort(signal.reason);
    else signal.addEventListener("abort", () => this.#overtaken.abort(signal.reason), { once: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.rounds[Symbol.asyncDispose](), this.look?.[Symbol.asyncDispose]()]);
  }
}

/** When the files of the scenarios' folders were written: mutants and edits stand beside them. */
async function stampOf(scenarios: readonly LoadedScenario[]): Promise<string> {
  const folders = new Set(scenarios.map(({ file }) => dirname(file)));
  const stamps = await Promise.all(
    [...folders].map(async (folder) => {
      const files = (await readdir(folder)).sort().map((name) => join(folder, name));
      return Promise.all(files.map(async (file) => `${file} ${(await stat(file)).mtimeMs}`));
    }),
  );
  return stamps.flat().join("\n");
}
