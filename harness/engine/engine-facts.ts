import { json } from "node:stream/consumers";
import { z } from "zod";
import { requestOf } from "./ping.ts";

/** What an engine says of itself, where that decides whether the harness can run on it. */
export interface EngineFacts {
  /** "Docker", "Podman" or another that speaks Docker's API. */
  kind: string;
  version: string;
  /** Of the machine that it runs on, as `uname -m` has it: x86_64, aarch64. */
  architecture: string;
  /** For instance "Docker Desktop", or the Linux distribution. */
  operatingSystem: string;
  /** Runs without root: no loop devices, no mounts that others see. */
  isRootless: boolean;
  cgroups: "v1" | "v2";
}

const info = z.looseObject({
  ServerVersion: z.string().default("?"),
  Architecture: z.string().default("?"),
  OperatingSystem: z.string().default("?"),
  CgroupVersion: z.string().default("1"),
  SecurityOptions: z.array(z.string()).nullish(),
});
const version = z.looseObject({ Components: z.array(z.looseObject({ Name: z.string() })).nullish() });

/** Asks the engine at this address; undefined where it does not answer as Docker does. */
export async function engineFacts(host: string): Promise<EngineFacts | undefined> {
  try {
    const [about, { Components }] = await Promise.all([
      ask(host, "/info", info),
      ask(host, "/version", version),
    ]);
    const isPodman = Components?.some(({ Name }) => Name.startsWith("Podman"));
    return {
      kind: isPodman ? "Podman" : "Docker",
      version: about.ServerVersion,
      architecture: about.Architecture,
      operatingSystem: about.OperatingSystem,
      isRootless: about.SecurityOptions?.some((option) => option.includes("rootless")) ?? false,
      cgroups: about.CgroupVersion === "2" ? "v2" : "v1",
    };
  } catch {
    return undefined;
  }
}

async function ask<T>(host: string, path: string, shape: z.ZodType<T>): Promise<T> {
  const request = await requestOf(host, path);
  if (!request) throw new TypeError(`not an engine's address: ${host}`);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  request.on("response", (response) => void json(response).then(resolve, reject));
  request.setTimeout(5_000, () => request.destroy(new Error("no answer")));
  request.on("error", reject);
  request.end();
  return shape.parse(await promise);
}
