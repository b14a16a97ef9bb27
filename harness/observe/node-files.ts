import { once } from "node:events";
import { PassThrough } from "node:stream";
import { Parser, type ReadEntry } from "tar";
import { getContainerRuntimeClient } from "testcontainers";
import type { ClusterNode } from "../cluster/index.ts";

/** Runs a command in the node's container and gives its output as it comes; what it says on stderr is dropped. */
export async function outputOnNode({ containerId }: ClusterNode, command: string[]): Promise<PassThrough> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const container = dockerode.getContainer(containerId);
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const [output, errors] = [new PassThrough(), new PassThrough()];
  errors.resume();
  container.modem.demuxStream(stream, output, errors);
  stream.on("end", () => output.end());
  stream.on("error", (error) => output.destroy(error));
  return output;
}

/**
 * Reads the files below directories of a node, whatever is mounted there included. What vanishes or changes meanwhile
 * is read as far as it goes: the volumes are in use.
 */
export async function readFilesOnNode(
  node: ClusterNode,
  { directory, exclude = [] }: { directory: string; exclude?: string[] },
  onFile: (file: ReadEntry) => void,
): Promise<void> {
  const excluded = exclude.map((pattern) => `--exclude=${pattern}`);
  const archive = await outputOnNode(node, ["tar", "-c", "-f", "-", ...excluded, "-C", directory, "."]);
  const parser = new Parser({
    onReadEntry: (entry) => {
      if (entry.type === "File" || entry.type === "OldFile") onFile(entry);
      else entry.resume();
    },
  });
  archive.on("error", (error) => parser.abort(error));
  archive.pipe(parser as unknown as NodeJS.WritableStream);
  await once(parser as unknown as NodeJS.EventEmitter, "end");
}
