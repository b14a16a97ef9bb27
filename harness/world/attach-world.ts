import { readFile } from "node:fs/promises";
import { worldDescriptor } from "./descriptor.ts";
import { type RunAround, World } from "./world.ts";

/** Joins the world that another process started. */
export async function attachWorld(stored: unknown, run: RunAround): Promise<World> {
  const descriptor = worldDescriptor.parse(stored);
  if (descriptor.dockerHost) process.env.DOCKER_HOST = descriptor.dockerHost;
  const [kubeconfig, caPem, gitToken, controlToken] = await Promise.all([
    readFile(descriptor.kubeconfigFile, "utf8"),
    readFile(descriptor.caFile, "utf8"),
    readFile(descriptor.gitTokenFile, "utf8"),
    readFile(descriptor.controlTokenFile, "utf8"),
  ]);
  return new World(descriptor, { kubeconfig, caPem, gitToken, controlToken }, run);
}
