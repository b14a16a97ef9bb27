import Docker from "dockerode";

export type { Docker };

/** The API of the engine at this address, or of the one that `ensureEngine` has led this process to. */
export function dockerAt(host: string | undefined = process.env.DOCKER_HOST): Docker {
  // What is no socket is read from the environment, certificates included.
  if (!host?.startsWith("unix://")) return new Docker();
  return new Docker({ host: "", socketPath: decodeURIComponent(new URL(host).pathname) });
}
