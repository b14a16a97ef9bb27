import { execa } from "execa";
import { engineIsGone, isGone } from "./engine-watch.ts";

export interface DockerOptions {
  /** False: a failure is told by `exitCode` and not thrown. Default true. */
  reject?: boolean;
  /** Milliseconds after which the client is stopped. */
  timeout?: number;
  cancelSignal?: AbortSignal;
  /** Goes to the client's standard input. */
  input?: string;
}

export interface DockerResult {
  stdout: string;
  stderr: string;
  /** Undefined when a signal or a timeout ended the client. */
  exitCode: number | undefined;
}

/** A container engine that answers. */
export interface Engine {
  /** `private`: started by the harness in its cache directory; `system`: as the user has it. */
  readonly kind: "private" | "system";
  /** Its address as DOCKER_HOST wants it. */
  readonly host: string;
  /** The docker client that talks to it: a path, or `docker` from PATH. */
  readonly client: string;
  /** What the client's environment needs. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Runs the docker client against this engine; fails with execa's error.
   * @throws HarnessError `environment` when the reason is that the engine does not answer any more.
   */
  docker(args: readonly string[], options?: DockerOptions): Promise<DockerResult>;
}

export function engineAt(kind: Engine["kind"], host: string, client: string): Engine {
  // The classic builder: it is in every engine, and our builds are a few COPY lines without network.
  const environment = { DOCKER_HOST: host, DOCKER_BUILDKIT: "0" };
  return {
    kind,
    host,
    client,
    environment,
    docker: async (args, options = {}) => {
      const run = await execa(client, args, { ...options, reject: false, env: environment });
      if (run.exitCode !== 0 && options.reject !== false) {
        throw (await isGone(host)) ? engineIsGone(host) : run;
      }
      return { stdout: run.stdout, stderr: run.stderr, exitCode: run.exitCode };
    },
  };
}
