import { parse, stringify } from "yaml";
import { z } from "zod";

const kubeconfig = z.looseObject({
  clusters: z.array(z.looseObject({ cluster: z.looseObject({ server: z.string() }) })),
});

/** The same kubeconfig for a container on the run's network, where the API server is called `server`. */
export function kubeconfigInside(text: string): string {
  const config = kubeconfig.parse(parse(text));
  for (const { cluster } of config.clusters) cluster.server = "https://server:6443";
  return stringify(config);
}
