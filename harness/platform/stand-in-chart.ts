import type { KubeObject } from "./component.ts";

/** The repository on github.com's stand-in with the chart that stands in for those of the home's platform. */
export const harnessPlatform = {
  name: "harness-platform",
  url: "https://github.com/jbaker/harness-platform.git",
};

const chartPath = "charts/stand-in";

/** A chart that installs nothing: a HelmRelease made from it is there and Ready, so that others can depend on it. */
export const standInChart: Record<string, string> = {
  [`${chartPath}/Chart.yaml`]:
    "apiVersion: v2\nname: stand-in\nversion: 1.0.0\ndescription: Stands in for a chart of the home's platform, and installs nothing.\n",
};

/** What a HelmRelease of the home's platform becomes; its name stays. */
export const standInRelease = {
  interval: "30m",
  chart: {
    spec: {
      chart: `./${chartPath}`,
      sourceRef: { kind: "GitRepository", name: harnessPlatform.name, namespace: "flux-system" },
    },
  },
};

/** @param secret the Secret of flux-system that opens the repository */
export function standInSource(secret: string): KubeObject {
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: harnessPlatform.name, namespace: "flux-system" },
    spec: {
      interval: "30m",
      timeout: "20s",
      url: harnessPlatform.url,
      ref: { branch: "main" },
      secretRef: { name: secret },
    },
  };
}
