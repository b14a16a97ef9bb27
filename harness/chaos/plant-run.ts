import { labelsOf, networkNameOf, poolVolumeOf } from "../base/index.ts";
import { dockerAt } from "../engine/index.ts";
import { foreignImage, foreignProgram } from "./foreigners.ts";

/*
 * `node harness/chaos/plant-run.ts RUN [stay]`, run inside of the machine: what a run of this user and cache has in the engine, as
 * far as labels and names go: a container, a network, a volume. With `stay` their owner lives on until it is killed.
 */
const [runId = "", stay] = process.argv.slice(2);
const docker = dockerAt();
const labels = labelsOf(runId);
await docker.createNetwork({ Name: networkNameOf(runId), Labels: labels });
await docker.createVolume({ Name: poolVolumeOf(runId), Labels: labels });
const container = await docker.createContainer({
  name: `${runId}-server`,
  Image: foreignImage,
  Cmd: [foreignProgram, "infinity"],
  Labels: labels,
  HostConfig: { NetworkMode: networkNameOf(runId), Binds: [`${poolVolumeOf(runId)}:/pool`] },
});
await container.start();
process.stdout.write("planted\n");
if (stay) setInterval(() => {}, 60_000);
