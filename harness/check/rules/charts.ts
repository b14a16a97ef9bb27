import type { Fault } from "../finding.ts";
import type { Inspected } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

/** Of the artifact that `helm push` makes, the layer with the chart (OCI registry support of Helm 3). */
const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/** Sources of charts that take a layer which no chart has: the source never has an artifact, and releases wait for it. */
function otherLayers({ of, placeOf, isOurs }: Inspected): Fault[] {
  const used = new Set(
    of("HelmRelease").flatMap(({ object, owner }) => {
      const { chartRef } = (object.spec ?? {}) as { chartRef?: { name: string; namespace?: string } };
      const isWanted = chartRef !== undefined && isOurs(owner);
      return isWanted ? [`${chartRef.namespace ?? object.metadata.namespace}/${chartRef.name}`] : [];
    }),
  );
  return of("OCIRepository").flatMap((source) => {
    const { metadata, spec } = source.object;
    const { layerSelector } = (spec ?? {}) as { layerSelector?: { mediaType?: string } };
    const layer = layerSelector?.mediaType;
    if (layer === undefined || layer === chartLayer || !used.has(`${metadata.namespace}/${metadata.name}`))
      return [];
    return {
      message: `OCIRepository ${metadata.name} asks for the layer ${layer}, which no chart has: its release is never installed`,
      remedy: `let layerSelector.mediaType be ${chartLayer}`,
      ...placeOf(source, key("mediaType")),
    };
  });
}

export const chartRules = [
  rule({
    id: "chart-layer",
    title: "charts are taken from the layer in which they are",
    pitfalls: [12],
    isBlocker: true,
    find: otherLayers,
  }),
];
