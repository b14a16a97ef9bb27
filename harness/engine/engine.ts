import { execa, type Options, type ResultPromise } from "execa";

/** A container engine that answers. */
export interface Engine {
  /** `private`: started by the harness in its cache directory; `system`: as the user has it. */
  readonly kind: "private" | "system";
  /** Its address as DOCKER_HOST wants it. */
  readonly host: string;
  /** The docker client that talks to it: a path, or `docker` from PATH. */
  readonly client: string;
  /** Runs the docker client against this engine; fails as execa fails. */
  docker<OptionsType extends Options>(
    args: readonly string[],
    options?: OptionsType,
  ): ResultPromise<OptionsType>;
}

export function engineAt(kind: Engine["kind"], host: string, client: string): Engine {
  return {
    kind,
    host,
    client,
    docker: <OptionsType extends Options>(args: readonly string[], options?: OptionsType) => {
      // The classic builder: it is in every engine, and our builds are a few COPY lines without network.
      const env = { DOCKER_HOST: host, DOCKER_BUILDKIT: "0", ...options?.env };
      return execa(client, args, { ...options, env } as Options) as unknown as ResultPromise<OptionsType>;
    },
  };
}
