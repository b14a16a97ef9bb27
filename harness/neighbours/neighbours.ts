import { HarnessError } from "../base/index.ts";
import { fluxKustomization, inValues, trafficPolicy } from "../diagnosis/index.ts";
import {
  type DeployedWorkspace,
  expectAllThere,
  type HeldStream,
  holdBusyStreams,
  SteadyVisitor,
  seconds,
} from "../workspace/index.ts";

/** A request every so often, in milliseconds: nobody's OpenCode is kept busy by being watched. */
const askEveryMs = 500;

interface Watched {
  workspace: DeployedWorkspace;
  streams: HeldStream[];
  visitor: SteadyVisitor;
}

/**
 * The workspaces beside the one that something happens to: somebody works in each of them, with a terminal and an event
 * stream, and asks it again and again. Disposing ends that.
 */
export class Neighbours implements AsyncDisposable {
  readonly #watched: readonly Watched[];
  readonly #open: AsyncDisposableStack;

  constructor(watched: readonly Watched[], open: AsyncDisposableStack) {
    this.#watched = watched;
    this.#open = open;
  }

  /** None of them has missed an answer, and no stream was cut, until now; `what` happened meanwhile to another one. */
  expectUntroubled(what: string): string[] {
    return this.#watched.map(({ workspace: { name }, streams, visitor }) => {
      const answered = visitor.expectAnswered({ what, ...mending(name) });
      for (const stream of streams) expectOpen(stream, name, what);
      return `${name} had answered ${answered} requests, and its streams were open, when ${what}`;
    });
  }

  /** Every byte of their streams came, once and in order. */
  async expectAllThere(): Promise<string[]> {
    return expectAllThere(this.#watched.flatMap(({ streams }) => streams));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }
}

/** Somebody works in each of these workspaces from now on. */
export async function watchNeighbours(workspaces: readonly DeployedWorkspace[]): Promise<Neighbours> {
  await using open = new AsyncDisposableStack();
  const watched = await Promise.all(
    workspaces.map(async (workspace) => {
      const streams = await holdBusyStreams(workspace);
      for (const stream of streams) open.use(stream);
      const visitor = open.use(new SteadyVisitor(await workspace.user(), { pauseMs: askEveryMs }));
      return { workspace, streams: [...streams], visitor };
    }),
  );
  return new Neighbours(watched, open.move());
}

function mending(name: string) {
  return {
    remedy:
      "let the workspaces have nothing in common but the namespace and the Gateway: no Kustomization, release, pod, Service or volume",
    look: [fluxKustomization(name), inValues(name, "service"), trafficPolicy(name, "spec")],
  };
}

function expectOpen({ name: stream, record: { cut } }: HeldStream, name: string, what: string): void {
  if (!cut) return;
  throw new HarnessError(`${stream} was cut after ${seconds(cut.afterMs)} (${cut.why}) while ${what}`, {
    code: "failed",
    ...mending(name),
  });
}
