import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { getContainerRuntimeClient } from "testcontainers";

export interface ContainerExec {
  exitCode: number;
  /** Both streams, in the order in which they came. */
  output: string;
  /** The first of them alone. */
  stdout: string;
}

/** What runs in a container may be anybody's, and say what it likes for as long as it likes. */
const limitBytes = 16 * 1024 * 1024;

/** Runs a command in a container, with its user and environment; it gets `input`, else nothing, on standard input. */
export async function execInContainer(
  containerId: string,
  command: readonly string[],
  input?: string,
): Promise<ContainerExec> {
  const { container } = await getContainerRuntimeClient();
  const { dockerode } = container;
  const exec = await dockerode.getContainer(containerId).exec({
    Cmd: [...command],
    AttachStdin: input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: input !== undefined });
  const [both, first] = [new Collector(limitBytes), new Collector(limitBytes)];
  const stdout = new PassThrough().on("data", (chunk: Buffer) => {
    both.add(chunk);
    first.add(chunk);
  });
  const stderr = new PassThrough().on("data", (chunk: Buffer) => both.add(chunk));
  dockerode.modem.demuxStream(stream, stdout, stderr);
  if (input !== undefined) stream.end(input);
  await finished(stream, { writable: false });
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? 1, output: both.text, stdout: first.text };
}

/** Keeps the beginning of what comes. */
export class Collector {
  readonly #parts: Buffer[] = [];
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    const kept = chunk.subarray(0, Math.max(0, this.#limit - this.#size));
    this.#parts.push(kept);
    this.#size += chunk.length;
  }

  get text(): string {
    const text = Buffer.concat(this.#parts).toString("utf8");
    return this.#size > this.#limit ? `${text}\n… ${this.#size - this.#limit} more bytes` : text;
  }
}
