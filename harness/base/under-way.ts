/**
 * Work that several parts of a process ask for at once: it is done once for all of them, and what becomes of it becomes of
 * all; for who asks after its end it is done anew. The signal of who asked first is that of the work.
 */
export class UnderWay<T> {
  readonly #running = new Map<string, Promise<T>>();

  join(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key) ?? work().finally(() => this.#running.delete(key));
    this.#running.set(key, running);
    return running;
  }
}
