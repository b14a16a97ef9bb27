import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { Parser, type ReadEntry } from "tar";
import { getContainerRuntimeClient } from "testcontainers";
import { HarnessError } from "../base/index.ts";
import type { ClusterNode } from "../cluster/index.ts";

/** What a command on a node puts out. */
export interface NodeOutput {
  /** Must be read, or nothing ends. */
  output: PassThrough;
  /** Rejects when the command could not read everything; what has vanished meanwhile is no failure. */
  whole: Promise<void>;
}

/** Runs a command that reads something in the node's container. */
export async function outputOnNode(
  { containerId, name }: ClusterNode,
  command: string[],
): Promise<NodeOutput> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const container = dockerode.getContainer(containerId);
  const exec = await container.exec({
    Cmd: sayingItsEnd(command),
    Env: ["LC_ALL=C"],
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({});
  const [output, errors] = [new PassThrough(), new PassThrough()];
  container.modem.demuxStream(stream, output, errors);
  stream.on("end", () => {
    output.end();
    errors.end();
  });
  stream.on("error", (error) => {
    output.destroy(error);
    errors.destroy(error);
  });
  return { output, whole: text(errors).then((said) => expectWholeRead(said, { command, node: name })) };
}

/** The command, which says on stderr at last how it ended: the engine may know it only later than the output's end. */
export function sayingItsEnd(command: string[]): string[] {
  return ["sh", "-c", '"$@"; echo "ended with $?" >&2', "sh", ...command];
}

/** What tar and head, GNU's and busybox's, say of what is gone or grows while they read, and when they sum up. */
const legitimate = [
  /^(?!.*change directory).*: (No such file or directory|No such process|Stale file handle)$/,
  /: (file changed as we read it|File removed before we read it|socket ignored)$/,
  /: File shrank by \d+ bytes; padding with zeros$/,
  /^tar: (Exiting with failure status due to previous errors|error exit delayed from previous errors)$/,
];

/** Throws when a command that said this on stderr, its end at last, has not read all that there was. */
export function expectWholeRead(said: string, of: { command: string[]; node: string }): void {
  const lines = said.split("\n").filter(Boolean);
  const exitCode = /^ended with (\d+)$/.exec(lines.at(-1) ?? "")?.[1];
  if (exitCode === "0") return;
  const complaints = lines
    .slice(0, exitCode ? -1 : undefined)
    .filter((line) => !legitimate.some((known) => known.test(line)));
  // It ended because of what is gone, and of nothing else.
  if (exitCode !== undefined && lines.length > 1 && complaints.length === 0) return;
  const how = exitCode === undefined ? "was cut short" : `ended with exit code ${exitCode}`;
  throw new HarnessError(
    `what stands on node ${of.node} could not be read to its end: ${of.command[0]} ${how}`,
    {
      code: "environment",
      details: [of.command.join(" "), ...complaints].join("\n"),
      remedy:
        "see that the node runs and can read its own disk, and try again: nothing was proved of what it holds",
    },
  );
}

/** Every file below a directory, as every node's tar understands it: busybox's, as k3s has it, has no long options. */
export const tarOf = (directory: string): string[] => ["tar", "-c", "-f", "-", "-C", directory, "."];

/**
 * The same of what these patterns match there and the others do not, in the words of a shell's `case`. tar itself must not
 * come to what is left out: of a file with two names it writes the second as a link to the first.
 */
export function tarOfParts(directory: string, parts: string, leftOut: string): string[] {
  const script = `cd "$1" || exit
set --
for part in ${parts}; do
  case $part in
    ${leftOut}) ;;
    *) if [ -e "$part" ]; then set -- "$@" "./$part"; fi ;;
  esac
done
[ $# -eq 0 ] || exec tar -c -f - "$@"`;
  return ["sh", "-c", script, "sh", directory];
}

/**
 * Reads the files that a command on the node packs, whatever is mounted there included. What vanishes or changes meanwhile
 * is read as far as it goes: the volumes are in use. Throws when anything else could not be read.
 *
 * @param command packs them: `tarOf`, `tarOfParts`
 */
export async function readFilesOnNode(
  node: ClusterNode,
  command: string[],
  onFile: (file: ReadEntry) => void,
): Promise<void> {
  const { output, whole } = await outputOnNode(node, command);
  const parser = new Parser({
    onReadEntry: (entry) => {
      if (entry.type === "File" || entry.type === "OldFile") onFile(entry);
      else entry.resume();
    },
  });
  output.on("error", (error) => parser.abort(error));
  output.pipe(parser as unknown as NodeJS.WritableStream);
  await Promise.all([once(parser as unknown as NodeJS.EventEmitter, "end"), whole]);
}
