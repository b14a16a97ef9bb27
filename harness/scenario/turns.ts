/**
 * Scenarios that share a world side by side, of which some want it for themselves in the end: each gets it when all others
 * have left or wait too, one after the other, in the order in which they were given.
 */
export class Turns<T> {
  readonly #order: readonly T[];
  readonly #atWork: Set<T>;
  readonly #waiting = new Map<T, () => void>();

  constructor(all: readonly T[]) {
    this.#order = all;
    this.#atWork = new Set(all);
  }

  /** Resolves when this one has the world to itself; it keeps it until it leaves. */
  alone(one: T): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(one, resolve);
    this.#rest(one);
    return promise;
  }

  /** It has ended, and wants nothing any more. */
  leave(one: T): void {
    this.#waiting.delete(one);
    this.#rest(one);
  }

  #rest(one: T): void {
    this.#atWork.delete(one);
    if (this.#atWork.size > 0) return;
    const next = this.#order.find((candidate) => this.#waiting.has(candidate));
    if (next === undefined) return;
    this.#atWork.add(next);
    this.#waiting.get(next)?.();
    this.#waiting.delete(next);
  }
}
