import { HarnessError } from "../base/index.ts";
import type { Tree } from "./tree.ts";

/** Why a directory is no home and nothing to be laid into one: what is there in place of Flux, if that can be seen. */
export function noManifests(dir: string, tree: Tree): HarnessError {
  const ofArgo = ["Application", "ApplicationSet"]
    .flatMap((kind) => tree.objects(kind))
    .find(({ object: { apiVersion } }) => `${apiVersion}`.startsWith("argoproj.io/"));
  if (ofArgo) {
    return new HarnessError(
      `${dir} is deployed by Argo CD (${ofArgo.path}), and what is judged here is what Flux applies`,
      {
        code: "usage",
        remedy:
          "Give --manifests a repository that Flux applies, or a directory with the application as Flux Kustomizations in kubernetes/apps.",
      },
    );
  }
  return new HarnessError(
    `${dir} has no manifests in kubernetes/, and no Kustomization from which Flux could start`,
    {
      code: "usage",
      remedy:
        "Give --manifests the root of a repository that Flux applies, the directory of one of its clusters, or a directory with kubernetes/apps.",
    },
  );
}
