import { messageOf, type Progress } from "../base/index.ts";
import type { StartedWorld, TreeEdit } from "../world/started-world.ts";

/**
 * What a run wants to find. `running`: workspaces that run and are sound, with a history or without. `nothing`: no
 * workspace and no volume, as on a new cluster.
 */
export type Beginning = "running" | "nothing";

export interface WarmWorldOptions {
  /** Starts a world whose tree has this edit. */
  open(edit?: TreeEdit): Promise<StartedWorld>;
  progress: Progress;
}

/**
 * A world that is started when it is first needed, and after that is made fit for each next run in the cheapest way that
 * is sound: the tree is published over what runs, or the world is put back first, or a new one is started.
 */
export class WarmWorld implements AsyncDisposable {
  readonly #options: WarmWorldOptions;
  #world: StartedWorld | undefined;
  #isSound = false;
  #isEmpty = false;

  constructor(options: WarmWorldOptions) {
    this.#options = options;
  }

  /** The world that stands, whatever state it is in. */
  get standing(): StartedWorld | undefined {
    return this.#world;
  }

  /** Whether workspaces run in it in which nothing is amiss. */
  get isSound(): boolean {
    return this.#world !== undefined && this.#isSound;
  }

  /** Whether it was put back and nothing was published since. */
  get isEmpty(): boolean {
    return this.#world !== undefined && this.#isEmpty;
  }

  /**
   * The world as the run wants to find it, with the tree as `edit` leaves it.
   *
   * @param signal of the run: once it is aborted nothing more is published, and no world is started
   */
  async take(beginning: Beginning, edit?: TreeEdit, signal?: AbortSignal): Promise<StartedWorld> {
    const isFit = this.isEmpty || (this.isSound && beginning === "running");
    if (this.#world && !isFit && !(await this.#putBack(this.#world))) await this.discard();
    this.#isSound = false;
    signal?.throwIfAborted();
    if (this.#world) return this.publish(this.#world, edit);
    this.#world = await this.#options.open(edit);
    return this.#world;
  }

  /** Publishes over whatever stands. What comes of it says something about the tree only if it was sound before, or passes. */
  async publish(world: StartedWorld, edit?: TreeEdit, stored?: () => void): Promise<StartedWorld> {
    this.#isSound = false;
    this.#isEmpty = false;
    await this.#options.progress.task("Publish the tree", () => world.publish(edit, stored));
    return world;
  }

  /** The next run finds the tree that was published, and not what the one before has made of it through Git. */
  async takeBack(): Promise<void> {
    if (this.isSound) await this.#world?.takeBack();
  }

  /** A world that somebody else has started takes the place of the one that would be; nothing is known of its state. */
  adopt(world: StartedWorld): void {
    this.#world = world;
    this.#isSound = false;
  }

  /** What the run that took it says about the state in which it has left it; not sound unless it says so. */
  left({ isSound }: { isSound: boolean }): void {
    this.#isSound = isSound;
  }

  async #putBack(world: StartedWorld): Promise<boolean> {
    const { progress } = this.#options;
    try {
      await progress.task("Put the world back", (task) => world.reset(task));
      this.#isEmpty = true;
      return true;
    } catch (error) {
      progress.note(`a new world is needed: ${messageOf(error)}`);
      return false;
    }
  }

  /** The next run gets a new one. */
  async discard(): Promise<void> {
    const world = this.#world;
    this.#world = undefined;
    this.#isEmpty = false;
    await world?.[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }
}
