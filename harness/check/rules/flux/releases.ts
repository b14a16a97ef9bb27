import type { Fault } from "../../finding.ts";
import { type Inspected, ownedNamed, releaseOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** A range within one major version: `4.4.x`, `~4.4.0`, `^4`. */
const ofOneMajor = /^(?:[~^]\s*v?\d+(?:\.[\dx*]+)*|v?\d+(?:\.\d+)?(?:\.[x*]){0,2})$/;

function looseCharts(inspected: Inspected): Fault[] {
  const { home, of, placeOf, isOurs } = inspected;
  return home.rendered.releases
    .filter(({ isRendered, kustomization }) => isRendered && isOurs(kustomization))
    .flatMap(({ namespace, name, chart }) => {
      const release = ownedNamed(inspected, "HelmRelease", { namespace, name });
      const { chartRef } = (release?.object.spec ?? {}) as { chartRef?: { kind: string; name: string } };
      const source =
        chartRef && of(chartRef.kind).find(({ object }) => object.metadata.name === chartRef.name);
      const { ref } = (source?.object.spec ?? {}) as { ref?: { semver?: string; digest?: string } };
      // Flux goes by the digest, then by semver, and only then by the tag.
      const version = (ref?.digest === undefined ? ref?.semver : undefined) ?? chart?.version;
      const isPinned = version !== undefined && /^v?\d+\.\d+\.\d+[^\s|,]*$/.test(version);
      if (isPinned || !release) return [];
      return {
        message: `HelmRelease ${name} takes whatever app-template is newest (${version ?? "no version"})`,
        remedy: "pin the version that the home's other applications have",
        // Of one major version the values stay what they are.
        ...(ofOneMajor.test(version ?? "") ? { severity: "warning" as const } : {}),
        ...placeOf(
          source ?? release,
          key(source ? "ref" : "chart"),
          ref?.semver ? key("semver") : /^\s*(tag|version):/,
        ),
      };
    });
}

/** Values that Helm takes from a Secret stand in the objects that it makes, and in its own history. */
function secretValues(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts } = workspace;
    const release = releaseOf(inspected, workspace);
    const { valuesFrom = [] } = (release?.object.spec ?? {}) as {
      valuesFrom?: { kind: string; name: string; valuesKey?: string }[];
    };
    if (!release) return [];
    return valuesFrom
      .filter(
        ({ kind, name }) => kind === "Secret" && facts.externalSecrets.some(({ secret }) => secret === name),
      )
      .map(({ name, valuesKey }) => ({
        message: `HelmRelease ${release.object.metadata.name} takes ${valuesKey ?? "values"} from Secret ${name}: Helm writes it into objects and into its history`,
        remedy: "let the container read the Secret itself (secretKeyRef, or a mount)",
        ...inspected.placeOf(release, key("valuesFrom")),
      }));
  });
}

/** What a HelmRelease takes its chart and its values from. */
export const releaseRules = [
  rule({
    id: "chart-version",
    title: "charts are pinned",
    pitfalls: [12],
    find: looseCharts,
  }),
  rule({
    id: "secret-in-values",
    title: "no secret goes through Helm's values",
    pitfalls: [3],
    find: secretValues,
  }),
];
