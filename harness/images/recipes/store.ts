import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Component } from "../component.ts";
import { createEmptyVolume, identityLabel } from "../prepared-volume.ts";
import { clusterEntries, clusterImages, mirror, nodeReference, startRegistry } from "./mirror.ts";
import { startNetwork } from "./network.ts";
import { ownerLabels } from "./owner-labels.ts";

/** Where a node finds it: `prepared` is the store, `nodes/<id>` one node's hard-linked copy of it. */
export const storeMount = "/var/lib/harness";

/** The node image without our programs: an edit of those does not change the store. */
const containerdImage = "debian node-base";

/** A containerd pulls and unpacks everything once; pulling is all that it does. */
const script = `
set -eu
prepared=${storeMount}/prepared
socket=/run/store/containerd.sock
mkdir -p "$prepared" /run/store /etc/store/_default
printf 'server = "http://mirror:5000"\\n[host."http://mirror:5000"]\\n  capabilities = ["pull", "resolve"]\\n' \\
  > /etc/store/_default/hosts.toml
printf 'version = 2\\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\\n' > /etc/store/config.toml
containerd --config /etc/store/config.toml --root "$prepared" --state /run/store/state --address "$socket" \\
  > /run/store/log 2>&1 &
containerd=$!
until ctr --address "$socket" version > /dev/null 2>&1; do
  kill -0 $containerd || { cat /run/store/log; exit 1; }
  sleep 0.05
done
xargs --max-procs=2 -I{} ctr --address "$socket" --namespace k8s.io images pull --hosts-dir /etc/store \\
  --label io.cri-containerd.image=managed {} < /images > /run/store/pulls || { tail -n 20 /run/store/pulls /run/store/log; exit 1; }
kill $containerd
wait $containerd || true
sync
`;

/**
 * A volume with a containerd store in which every cluster image lies unpacked, so that a node starts with hard links
 * of it in place of pulls.
 */
export const store: Component = {
  name: "store",
  needs: [containerdImage, ...clusterImages],
  tools: ["registry", mirror.name],
  inputs: [{ text: script }, { text: identityLabel }],
  output: "volume",
  build: async (job) => {
    const { directory, docker, engine, output, outputOf, task } = job;
    const references = clusterEntries().map(([name, entry]) => nodeReference(entry, outputOf(name)));
    const list = join(directory, "images");
    await writeFile(list, `${references.join("\n")}\n`);
    await createEmptyVolume(engine, output);
    await using network = await startNetwork(job, "store", "internal");
    const mirrorOptions = ["--network", network.name, "--network-alias", "mirror"];
    await using _registry = await startRegistry(job, mirrorOptions, outputOf(mirror.name));
    const { stdout: id } = await engine.docker(
      ["create", "--privileged", "--network", network.name, "--tmpfs", "/run", ...ownerLabels()].concat(
        ["--volume", `${output}:${storeMount}`],
        ["--entrypoint", "sh", outputOf(containerdImage), "-c", script],
      ),
    );
    try {
      await docker(["cp", list, `${id}:/images`]);
      task.update(`unpacking ${references.length} images`);
      await docker(["start", "--attach", id]);
    } finally {
      await engine.docker(["rm", "--force", "--volumes", id], { reject: false });
    }
  },
};
