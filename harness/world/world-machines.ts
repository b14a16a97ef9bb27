import { labelsOf, networkNameOf } from "../base/index.ts";
import { gatewayNodePorts } from "../cluster/index.ts";
import { type StartedBrowser, startBrowser } from "../internet/index.ts";
import { type OperatorMachine, startOperatorMachine } from "../operator/index.ts";
import type { WorldDescriptor } from "./descriptor.ts";

/** A browser on the cluster's network, for which the workspaces' hosts lead to the gateway. */
export function startBrowserIn(
  { runId, browserImage, workspaces }: WorldDescriptor,
  { caPem, interrupted }: { caPem: string | undefined; interrupted: AbortSignal },
): Promise<StartedBrowser> {
  const { https, http } = gatewayNodePorts;
  const hosts = workspaces.flatMap((workspace) => workspace.hosts);
  return startBrowser({
    image: browserImage,
    network: networkNameOf(runId),
    labels: labelsOf(runId),
    leadsTo: Object.fromEntries(
      hosts.flatMap(({ hostname }) => [
        [`${hostname}:443`, `server:${https}`],
        [`${hostname}:80`, `server:${http}`],
      ]),
    ),
    ...(caPem === undefined ? {} : { caPem }),
    interrupted,
  });
}

/** A machine on the cluster's network with these keys. */
export function startMachineIn(
  { runId, operatorImage }: WorldDescriptor,
  access: { kubeconfig: string; caPem: string; interrupted: AbortSignal },
): Promise<OperatorMachine> {
  return startOperatorMachine({
    image: operatorImage,
    network: networkNameOf(runId),
    labels: labelsOf(runId),
    ...access,
  });
}
