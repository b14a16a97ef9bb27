import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeAccess } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { fluxEntryOf, type Home, sourceOf } from "../home/index.ts";
import type { PreparedImages } from "../images/index.ts";
import type { ObjectStore, StandIns } from "../internet/index.ts";
import type { Credentials } from "./credentials.ts";
import type { WorldDescriptor } from "./descriptor.ts";
import type { WorldOptions } from "./started-world.ts";
import { secretsToStore } from "./stored-secrets.ts";

interface Started {
  cluster: Cluster;
  standIns: StandIns;
  objectStore: ObjectStore;
  images: PreparedImages;
  credentials: Credentials;
  /** Certificate of the run's authority. */
  caPem: string;
  home: Home;
}

/** The descriptor of a started world; its keys go to files of their own in `access/`, readable by this user only. */
export async function describeWorld(
  { runId, runDir }: WorldOptions,
  started: Started,
): Promise<WorldDescriptor> {
  const { cluster, standIns, images, credentials, home } = started;
  const { source, parents } = fluxEntryOf(home.rendered);
  const access = await makeAccess(runDir);
  const file = async (name: string, content: string) => {
    await writeFile(join(access, name), content, { mode: 0o600 });
    return join(access, name);
  };
  return {
    runId,
    kubeconfigFile: await file("kubeconfig", cluster.descriptor.kubeconfig),
    caFile: await file("ca.pem", started.caPem),
    gitTokenFile: await file("git-token", credentials.gitToken),
    controlTokenFile: await file("control-token", credentials.controlToken),
    secretsFile: await file("secrets.json", secretsToStore(credentials)),
    treeFile: join(runDir, "tree.json"),
    nodes: cluster.descriptor.nodes,
    gateway: cluster.descriptor.gateway,
    control: {
      github: standIns.github.control.controlUrl,
      doppler: standIns.doppler.control.controlUrl,
      copilot: standIns.copilot.control.controlUrl,
      dns: standIns.dns.control.controlUrl,
    },
    githubUrl: standIns.github.url,
    repository: sourceOf(home.rendered).repository,
    flux: { source, parents: [...parents] },
    workspaces: home.workspaces,
    publicValues: publicValuesOf(home),
    objectStoreId: started.objectStore.containerId,
    browserImage: images.browser,
    operatorImage: images.operator,
    ...(process.env.DOCKER_HOST ? { dockerHost: process.env.DOCKER_HOST } : {}),
  };
}

function publicValuesOf({ outside, sops }: Home): string[] {
  const open = Object.values(outside.doppler).flatMap(({ value }) => value ?? []);
  return [...new Set([...open, ...Object.values(outside.sops), ...sops.public, "x-access-token"])];
}
