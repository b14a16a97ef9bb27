import { once } from "node:events";
import type { Readable } from "node:stream";
import { Parser } from "tar";
import { getContainerRuntimeClient } from "testcontainers";
import { labelNames } from "../base/index.ts";
import { withoutFrames } from "../cluster/index.ts";
import type { Attempt, Write } from "./evidence-writing.ts";

/** Where the node image's programs log; rancher/k3s logs to its output instead. */
const nodeLogs = "/var/log/k3s";

/** What a person reads of a container: its last lines, each with its time. */
const forReaders = { tail: 2_000, timestamps: true };

/**
 * The output of every container of the run, and the logs of the nodes' programs: `container-<name>.log` and
 * `node-<name>-<program>.log`. Asks only the engine, so that it also tells why a cluster did not come up. `whole`: all
 * that a container has put out and nothing between its lines, not what a person would read.
 */
export async function storeContainers(
  runId: string,
  write: Write,
  attempt: Attempt,
  { whole = false } = {},
): Promise<void> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const filters = JSON.stringify({ label: [`${labelNames.run}=${runId}`] });
  const containers = await dockerode.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(async ({ Id, Image, State }) => {
      const container = dockerode.getContainer(Id);
      const { NetworkSettings, HostConfig, State: state } = await container.inspect();
      const aliases = Object.values(NetworkSettings.Networks).flatMap(({ Aliases }) => Aliases ?? []);
      const name = aliases[0] ?? Id.slice(0, 12);
      await attempt(`output of ${name}`, async () => {
        const output = await container.logs({ stdout: true, stderr: true, ...(whole ? {} : forReaders) });
        const head = `${name} (${Image}): ${State}, exit code ${state.ExitCode}${state.Error ? `: ${state.Error}` : ""}\n`;
        await write(`container-${name}.log`, head + withoutFrames(output));
      });
      if (!HostConfig.Privileged) return;
      await attempt(`logs of node ${name}`, async () => {
        const archive = await container.getArchive({ path: nodeLogs }).catch((error) => {
          if ((error as { statusCode?: number }).statusCode === 404) return undefined;
          throw error;
        });
        if (!archive) return;
        for (const { path, text } of await filesIn(archive as Readable)) {
          await write(`node-${name}-${path.split("/").at(-1)}`, text);
        }
      });
    }),
  );
}

/** The files of a tar archive. */
export async function filesIn(archive: Readable): Promise<{ path: string; text: string }[]> {
  const files: { path: string; chunks: Buffer[] }[] = [];
  const parser = new Parser({
    onReadEntry(entry) {
      if (entry.type !== "File") return entry.resume();
      const file = { path: entry.path, chunks: [] as Buffer[] };
      files.push(file);
      entry.on("data", (chunk: Buffer) => file.chunks.push(chunk));
    },
  });
  archive.on("error", (error) => parser.abort(error));
  archive.pipe(parser as unknown as NodeJS.WritableStream);
  await once(parser as unknown as NodeJS.EventEmitter, "end");
  return files.map(({ path, chunks }) => ({ path, text: Buffer.concat(chunks).toString("utf8") }));
}
