import { getContainerRuntimeClient } from "testcontainers";
import { LocalContainer } from "../cluster/index.ts";

/**
 * A container that is removed at once if the run was interrupted before the engine had made it: the run's clean-up may
 * have looked for containers already.
 */
export class InterruptibleContainer extends LocalContainer {
  readonly #interrupted: AbortSignal;
  readonly #remove: (id: string) => Promise<void>;

  constructor(image: string, interrupted: AbortSignal, remove = removeContainer) {
    super(image);
    this.#interrupted = interrupted;
    this.#remove = remove;
  }

  protected override async containerCreated(id: string): Promise<void> {
    if (!this.#interrupted.aborted) return;
    await this.#remove(id);
    this.#interrupted.throwIfAborted();
  }
}

async function removeContainer(id: string): Promise<void> {
  const { container } = await getContainerRuntimeClient();
  await container.dockerode.getContainer(id).remove({ force: true, v: true });
}
