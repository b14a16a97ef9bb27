/** Results of a process by what they depend on; when there are too many, the oldest go. */
export class Remembered<T> {
  readonly #results = new Map<string, Promise<T>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** What was made of this key before, else what is made now; a failure is not kept. */
  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#results.get(key);
    if (known) return known;
    const made = make();
    this.#results.set(key, made);
    made.catch(() => this.#results.delete(key));
    const [oldest] = this.#results.keys();
    if (this.#results.size > this.#most && oldest !== undefined) this.#results.delete(oldest);
    return made;
  }
}
