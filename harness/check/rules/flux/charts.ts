import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Of the artifact that `helm push` makes, the layer with the chart (OCI registry support of Helm 3). */
const chartLayer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/** Sources of charts that take a layer which no chart has: the source never has an artifact, and releases wait for it. */
function otherLayers({ of, placeOf, concernsUs }: Inspected): Fault[] {
  const used = new Set(
    of("HelmRelease").flatMap((release) => {
      const { object } = release;
      const { chartRef } = (object.spec ?? {}) as { chartRef?: { name: string; namespace?: string } };
      const isWanted = chartRef !== undefined && concernsUs(release);
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

interface OciSpec {
  url?: string;
  ref?: { tag?: string; semver?: string };
}

/** Sources of app-template for the releases of ours. */
function sources({ of, home, concernsUs }: Inspected): OwnedObject[] {
  const used = new Set(
    of("HelmRelease")
      .filter(concernsUs)
      .flatMap(({ object }) => {
        const { chartRef } = (object.spec ?? {}) as { chartRef?: { name: string; namespace?: string } };
        return chartRef ? [`${chartRef.namespace ?? object.metadata.namespace}/${chartRef.name}`] : [];
      }),
  );
  return home.rendered.releases.length === 0
    ? []
    : of("OCIRepository").filter(({ object: { metadata } }) =>
        used.has(`${metadata.namespace}/${metadata.name}`),
      );
}

/** Values are written for 4.x: older charts read them otherwise, without a word. */
function olderCharts(inspected: Inspected): Fault[] {
  return sources(inspected).flatMap((one) => {
    const { ref = {}, url = "" } = specOf<OciSpec>(one);
    const { tag } = ref;
    if (!/app-template$/.test(url) || tag === undefined || !/^v?[0-3]\./.test(tag)) return [];
    return {
      message: `OCIRepository ${one.object.metadata.name} takes app-template ${tag}, which reads values otherwise than 4.x: volumes and init containers go missing without a word`,
      remedy: "pin the version that the home's other applications have (4.x)",
      ...inspected.placeOf(one, key("ref"), key("tag")),
    };
  });
}

/** A release names its chart in one way. */
function twoCharts(inspected: Inspected): Fault[] {
  return inspected
    .of("HelmRelease")
    .filter(inspected.concernsUs)
    .filter((one) => {
      const { chart, chartRef } = specOf<{ chart?: object; chartRef?: object }>(one);
      return (chart === undefined) === (chartRef === undefined);
    })
    .map((one) => ({
      message: `the API server refuses HelmRelease ${one.object.metadata.name}: it must have chart or chartRef, and not both`,
      remedy: "keep chartRef",
      ...inspected.placeOf(one, /^\s*chart(Ref)?:/),
    }));
}

/** What a registry says is no index of charts. */
function repositories(inspected: Inspected): Fault[] {
  const used = new Set(
    inspected
      .of("HelmRelease")
      .filter(inspected.concernsUs)
      .flatMap((release) => {
        const { chart } = specOf<{
          chart?: { spec?: { sourceRef?: { name?: string; namespace?: string } } };
        }>(release);
        const { name, namespace = release.object.metadata.namespace } = chart?.spec?.sourceRef ?? {};
        return name === undefined ? [] : [`${namespace}/${name}`];
      }),
  );
  return inspected
    .of("HelmRepository")
    .filter(({ object: { metadata } }) => used.has(`${metadata.namespace}/${metadata.name}`))
    .flatMap((one) => {
      const { url = "", type } = specOf<{ url?: string; type?: string }>(one);
      const { name } = one.object.metadata;
      const isRegistry = url.startsWith("oci://");
      if (isRegistry !== (type === "oci")) {
        return {
          message: `HelmRepository ${name} asks ${url} ${isRegistry ? "for an index, which a registry does not have" : "as a registry, which it is not"}: no chart comes from it`,
          remedy: isRegistry ? "write type: oci" : "leave type out, or write oci://",
          ...inspected.placeOf(one, key(type === undefined ? "url" : "type")),
        };
      }
      if (!/ghcr\.io\/bjw-s/.test(url) || url.replace(/\/$/, "") === "oci://ghcr.io/bjw-s-labs/helm")
        return [];
      return {
        message: `HelmRepository ${name} asks ${url}, where no app-template 4.x is published`,
        remedy: "write oci://ghcr.io/bjw-s-labs/helm, and the chart's name in the release",
        ...inspected.placeOf(one, key("url")),
      };
    });
}

/** Where app-template 4.x is published. */
const published = "ghcr.io/bjw-s-labs/helm/app-template";

function otherAddresses(inspected: Inspected): Fault[] {
  return sources(inspected).flatMap((one) => {
    const { url = "" } = specOf<OciSpec>(one);
    const { name } = one.object.metadata;
    const place = inspected.placeOf(one, key("url"));
    if (/[:@][^/]*$/.test(url.replace(/^\w+:\/\//, ""))) {
      return {
        message: `OCIRepository ${name} has a version in its url, which source-controller refuses`,
        remedy: "write the version in ref.tag alone",
        ...place,
      };
    }
    const { tag } = specOf<OciSpec>(one).ref ?? {};
    if (url === `oci://${published}` && /^v\d/.test(tag ?? "")) {
      return {
        message: `OCIRepository ${name} asks for tag ${tag}, and the tags of app-template have no v`,
        remedy: `write ${tag?.slice(1)}`,
        ...inspected.placeOf(one, key("ref"), key("tag")),
      };
    }
    const isOther = /ghcr\.io\/bjw-s\//.test(url) || /ghcr\.io\/bjw-s-labs\/(?!helm\/\w)/.test(url);
    if (!isOther) return [];
    return {
      message: `OCIRepository ${name} asks ${url}, where no app-template 4.x is published`,
      remedy: `write oci://${published}`,
      ...place,
    };
  });
}

export const chartRules = [
  rule({
    id: "chart-older",
    title: "charts are of the version that the values are written for",
    pitfalls: [12],
    isBlocker: true,
    find: olderCharts,
  }),
  rule({
    id: "chart-address",
    title: "charts are asked for where they are published",
    pitfalls: [12],
    isBlocker: true,
    find: (inspected) => [...otherAddresses(inspected), ...repositories(inspected), ...twoCharts(inspected)],
  }),
  rule({
    id: "chart-layer",
    title: "charts are taken from the layer in which they are",
    pitfalls: [12],
    isBlocker: true,
    find: otherLayers,
  }),
];
