/** Results of a process by what they depend on; when there are too many, the oldest go. */
export class Remembered<T> {
  readonly #results = new Map<string, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** What was made of this key before, else what is made now; a failure is not kept, nor a promise that comes to one. */
  get(key: string, make: () => T): T {
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#results.set(key, made);
    if (made instanceof Promise) made.catch(() => this.#results.delete(key));
    const [oldest] = this.#results.keys();
    if (this.#results.size > this.#most && oldest !== undefined) this.#results.delete(oldest);
    return made;
  }
}
