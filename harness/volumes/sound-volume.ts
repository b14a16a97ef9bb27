import { posix } from "node:path";
import { HarnessError, withRemedy } from "../base/index.ts";
import { poolDir } from "../cluster/index.ts";
import { toolsOn } from "../platform/index.ts";
import { type DeployedWorkspace, databasePath, runBeside, volumeBehind } from "../workspace/index.ts";
import { attachmentHistory } from "./attachment.ts";

/**
 * Checks the volume as it lies on its disk, in the storage driver's pod on the node that has it mounted. The file system
 * is frozen for the moment (about 0.1 s): the kernel brings the disk up to date, and writers wait. Each finding is a line.
 * A database is what is called .db or has SQLite's log beside it, as whatever OPENCODE_DB names has while OpenCode runs. Each is
 * copied with its log into a directory of its own; a file of somebody's work may be called .db too, and be none.
 */
export const examine = `
set -eu
image=$1
copy=$(mktemp -d)
place=$(findmnt --noheadings --first-only --output TARGET --source "$(losetup --noheadings --output NAME --associated "$image")")
fsfreeze --freeze "$place"
trap 'fsfreeze --unfreeze "$place"' EXIT
dumpe2fs -h "$image" 2>/dev/null | grep -E '^(Filesystem state|FS Error count):'
e2fsck -f -n "$image" 2>&1 && exitCode=0 || exitCode=$?
echo "e2fsck: $exitCode"
find "$place" -type f \\( -name '*.db' -o -name '*-wal' \\) -print0 | sed -z 's/-wal$//' | sort -zu | xargs -0 -r sh -c 'copy=$1 place=$2; shift 2
  for file; do
    [ -f "$file" ] || continue
    own=$(mktemp -d -p "$copy")
    printf %s "\${file#"$place"/}" > "$own/path"
    for part in "$file" "$file-wal" "$file-shm" "$file-journal"; do [ ! -e "$part" ] || cp "$part" "$own"; done
  done' - "$copy" "$place"
fsfreeze --unfreeze "$place"
trap - EXIT
for file in "$copy"/*/*; do
  case $file in */path | *-wal | *-shm | *-journal) continue ;; esac
  [ -e "$file" ] || continue
  path=$(cat "\${file%/*}/path")
  case \${file##*/} in
    opencode*) ;;
    *) [ "$(head -c 15 "$file")" = "SQLite format 3" ] || continue ;;
  esac
  node --no-warnings -e 'const { DatabaseSync } = require("node:sqlite");
    const [file, path] = process.argv.slice(1);
    const rows = new DatabaseSync(file).prepare("PRAGMA integrity_check").all();
    console.log("sqlite: " + path + ": " + rows.map((row) => row.integrity_check).join("; "))' "$file" "$path" ||
    echo "sqlite: $path: cannot be opened"
done
rm -r "$copy"
`;

/** What is wrong with the examined volume, in words; undefined when the file system and every database are sound. */
export function troubleIn(findings: string, wantsDatabase = true): string | undefined {
  const found = (label: string) =>
    findings
      .split("\n")
      .flatMap((line) => (line.startsWith(`${label}:`) ? line.slice(label.length + 1).trim() : []));
  const [state = "unknown"] = found("Filesystem state");
  const [errors] = found("FS Error count");
  const [exitCode = "none"] = found("e2fsck");
  const databases = found("sqlite");
  const broken = databases.filter((verdict) => !verdict.endsWith(": ok"));
  const trouble = [
    state === "clean" ? "" : `the file system's state is "${state}", not "clean"`,
    errors === undefined ? "" : `the kernel has met ${errors} errors in the file system`,
    exitCode === "0" ? "" : `e2fsck finds faults (exit code ${exitCode})`,
    databases.length > 0 || !wantsDatabase ? "" : "there is no SQLite database on it",
    broken.length === 0 ? "" : `SQLite finds a database damaged: ${broken.join("; ")}`,
  ].filter((part) => part !== "");
  return trouble.length > 0 ? trouble.join("; ") : undefined;
}

const remedy =
  "no two nodes may have had the volume: make sure that the dead node is off before its volumes are given away (pitfall 6)";

/** File system, databases and git repository of the workspace are whole, each by its own checker; `after` what. */
export async function expectSound(
  workspace: DeployedWorkspace,
  volume: string,
  after = "the crash",
): Promise<void> {
  const ofSessions = (await databaseVolume(workspace)) ?? volume;
  const disks = [...new Set([volume, ofSessions])];
  await Promise.all([
    ...disks.map((one) => expectSoundDisk(workspace, one, { wantsDatabase: one === ofSessions, after })),
    expectSoundRepository(workspace),
  ]);
}

/** The volume that OPENCODE_DB leads to; undefined where the sessions are in the data directory. */
async function databaseVolume(workspace: DeployedWorkspace): Promise<string | undefined> {
  const pod = await workspace.readyPod();
  const path = databasePath(workspace, pod, workspace.facts.dataDirectory ?? "/");
  return path === undefined ? undefined : (await volumeBehind(workspace, pod, posix.dirname(path))).volume;
}

async function expectSoundDisk(
  workspace: DeployedWorkspace,
  volume: string,
  { wantsDatabase, after }: { wantsDatabase: boolean; after: string },
): Promise<void> {
  const { cluster, name } = workspace;
  const [history, pod] = await Promise.all([attachmentHistory(cluster, volume), workspace.readyPod()]);
  const tools = await toolsOn(cluster, pod.spec?.nodeName ?? "");
  const image = `${poolDir}/volumes/${history[0]?.volume}/image`;
  const { stdout, stderr } = await cluster.exec(tools, ["sh", "-c", examine, "sh", image]);
  const trouble = troubleIn(stdout, wantsDatabase);
  if (trouble === undefined) return;
  const details = `${stdout}${stderr}`;
  throw new HarnessError(`volume ${volume} of ${name} should be whole after ${after}: ${trouble}`, {
    code: "failed",
    details,
    remedy,
  });
}

async function expectSoundRepository(workspace: DeployedWorkspace): Promise<void> {
  if (workspace.facts.clones.length === 0) return;
  const directory = await (await workspace.user()).directory();
  await withRemedy(runBeside(workspace, directory, "git fsck --full --no-dangling --no-progress"), remedy);
}
