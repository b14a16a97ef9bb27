import { HarnessError } from "../../base/index.ts";
import type { ScenarioResult } from "../../report/index.ts";
import type { LoadedScenario, StartedWorld, TreeEdit } from "../../scenario/index.ts";
import type { WarmWorld } from "../../warm/index.ts";
import type { Session } from "../run-session.ts";
import { runInWorld } from "../world-run.ts";

export interface Over {
  warm: WarmWorld;
  world: StartedWorld;
  edit?: TreeEdit | undefined;
  /** Whether a failure's evidence is of use to anybody. */
  wantsEvidence: boolean;
}

/** The first step of a scenario, which can be loaded before there is anything to look at: that takes seconds. */
export class FirstLook implements AsyncDisposable {
  readonly #session: Session;
  readonly #scenario: LoadedScenario;
  readonly #world = Promise.withResolvers<StartedWorld>();
  readonly #failed = new AbortController();
  #wantsEvidence = false;
  #run: Promise<ScenarioResult> | undefined;

  constructor(session: Session, scenario: LoadedScenario) {
    this.#session = session;
    this.#scenario = scenario;
  }

  /** Begins nothing in a world. Again is fine. */
  load(): Promise<ScenarioResult> {
    const signal = AbortSignal.any([this.#session.signal, this.#failed.signal]);
    this.#run ??= runInWorld({ ...this.#session, signal }, this.#world.promise, this.#scenario, {
      steps: 1,
      wantsEvidence: () => this.#wantsEvidence,
    });
    this.#run.catch(() => {}); // told by `over`, or a consequence of that there was nothing to look at
    return this.#run;
  }

  /** Publishes the tree over what runs, and looks. Once. */
  async over({ warm, world, edit, wantsEvidence }: Over): Promise<ScenarioResult> {
    this.#wantsEvidence = wantsEvidence;
    const looking = this.load();
    const publishing = warm
      .publish(world, edit, () => this.#world.resolve(world))
      .catch((error: unknown) => {
        this.#failed.abort(error);
        this.#world.reject(error);
        throw error;
      });
    await Promise.allSettled([publishing, looking]);
    await publishing; // its error is the cause of the other's
    return looking;
  }

  /** Ends what is loaded and was not wanted. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#world.promise.catch(() => {}); // where nobody waits for it
    this.#world.reject(new HarnessError("there is nothing to look at", { code: "interrupted" }));
    await Promise.allSettled([this.#run]);
  }
}
