/** A world that watches its cluster from the moment on when it is made. */
interface Watching {
  stopWatching(): Promise<void>;
}

/**
 * The last part of a start: does this first work in the world. One that fails in it, or is there only after the start was given
 * up, gets to nobody who would dispose of it; what it watches would be asked for as long as this process lives.
 */
export async function handOver<T extends Watching>(
  world: T,
  { work, signal }: { work: () => Promise<void>; signal: AbortSignal },
): Promise<T> {
  try {
    await work();
    signal.throwIfAborted();
    return world;
  } catch (error) {
    // Not waited for: an API server that does not answer must not hide why the start has failed.
    world.stopWatching().catch(() => {});
    throw error;
  }
}
