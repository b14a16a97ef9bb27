import { posix } from "node:path";
import { HarnessError } from "../base/index.ts";
import { type DeployedWorkspace, databasePath, placeOnVolume, type Traces } from "../workspace/index.ts";
import { backupFacts, sourceField } from "./backup-facts.ts";
import { type BackedUpFile, type Listing, listingOf } from "./listing.ts";
import { runRestic } from "./restic.ts";

/** What is wrong with a backup in which these should be, each by its path on the volume, in words; undefined when nothing is. */
export function missingIn(
  { files }: Listing,
  { data, database, work, traces }: { data: string; database?: string; work: string; traces: Traces },
): string | undefined {
  const changed = traces.work.digests
    .split("\n")
    .filter(Boolean)
    .map((line) => line.replace(/^\w+ [ *]/, ""));
  const clone = traces.work.remote === "" ? [] : [".git/HEAD", ".git/index"];
  const wanted = [...clone, ...changed].map((path) => posix.join(work, path));
  const missing = wanted.filter((path) => !files.has(path));
  const isDatabase = ({ path }: BackedUpFile) =>
    database === undefined ? posix.dirname(path) === data && path.endsWith(".db") : path === database;
  const databases = [...files.values()].filter((file) => file.type === "file" && isDatabase(file));
  const login = loginTrouble(files.get(posix.join(data, "auth.json")), traces);
  const trouble = [
    missing.length === 0 ? "" : `it lacks ${missing.slice(0, 3).join(", ")} (${missing.length} of the work)`,
    databases.length > 0 ? "" : `there is no database of sessions ${database ?? `in ${data}`}`,
    login ?? "",
  ].filter((part) => part !== "");
  return trouble.length > 0 ? trouble.join("; ") : undefined;
}

/** Group and its rights are the mover's fsGroup: a restore gives them to the workspace's. */
function loginTrouble(file: BackedUpFile | undefined, { auth }: Traces): string | undefined {
  if (!file) return "there is no auth.json";
  const [uid] = auth.owner.split(":");
  if (`${file.uid}` !== uid) return `auth.json belongs to ${file.uid}, not to ${uid}`;
  if (file.permissions.startsWith("-rw") && file.permissions.endsWith("---")) return undefined;
  return `auth.json has mode ${file.permissions}: only its owner and group may read it`;
}

/**
 * The newest backup has the sessions, the code with its .git, all that was changed, and auth.json with its owner; restic
 * itself says so, and finds its repository whole. Returns auth.json as it stands there.
 */
export async function expectBackedUp(
  workspace: DeployedWorkspace,
  traces: Traces,
  signal: AbortSignal,
): Promise<{ login: BackedUpFile }> {
  const facts = backupFacts(workspace);
  const pod = await workspace.readyPod();
  const dataDirectory = posix.dirname(traces.auth.path);
  const data = placeOnVolume(workspace, pod, dataDirectory);
  const named = databasePath(workspace, pod, dataDirectory);
  const database = named === undefined ? {} : { database: placeOnVolume(workspace, pod, named) };
  const work = placeOnVolume(workspace, pod, traces.work.directory);
  const listing = await newestBackup(workspace, signal);
  const trouble = missingIn(listing, { data, ...database, work, traces });
  const login = listing.files.get(posix.join(data, "auth.json"));
  if (trouble !== undefined || !login) {
    const paths = [...listing.files.keys()];
    throw new HarnessError(`the backup of ${workspace.name} should have all of its work: ${trouble}`, {
      code: "failed",
      details: `${paths.length} files are in backup ${listing.id}, the first of them:\n${paths.slice(0, 20).join("\n")}`,
      remedy: "back up the claim that sessions and code are on, into a repository that is nobody else's",
      look: [sourceField(facts, "sourcePVC")],
    });
  }
  await expectWholeRepository(workspace, signal);
  return { login };
}

export async function newestBackup(workspace: DeployedWorkspace, signal: AbortSignal): Promise<Listing> {
  return listingOf(await runRestic(workspace, ["ls", "--json", "latest"], signal));
}

/** `restic check` reads all that a restore would need. */
async function expectWholeRepository(workspace: DeployedWorkspace, signal: AbortSignal): Promise<void> {
  await runRestic(workspace, ["check", "--read-data"], signal);
}
