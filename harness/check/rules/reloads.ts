import { isInText } from "../../base/index.ts";
import type { OwnedObject } from "../../home/index.ts";
import type { Fault } from "../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace, specOf } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

const prefix = "reloader.stakater.com";

/** As Go reads a truth. */
const isTrue = (value: string | undefined) => /^(1|t|T|true|TRUE|True)$/.test(value ?? "");

/** Reloader's annotations on the workload, or where that has none, on its pods. */
function annotationsOf({ object, workload }: InspectedWorkspace): Record<string, string> {
  const own = object.object.metadata.annotations ?? {};
  const isAsked = Object.keys(own).some((name) => name.includes(prefix));
  return isAsked ? own : (workload.spec.template.metadata?.annotations ?? {});
}

/** Go's flags, as (?i), are not read: with them any name may be meant, and so by what takes too long to try. */
const isNamedBy = (pattern: string, secret: string): boolean =>
  pattern.startsWith("(?") || isInText(`^${pattern}$`, secret) === true;

/** The Secrets for which Reloader restarts a workload: by name, by their own mark, or all. */
function reloaded(annotations: Record<string, string>): { all: boolean; match: boolean; names: string[] } {
  const names = (annotations[`secret.${prefix}/reload`] ?? "").split(",").flatMap((one) => {
    const name = one.trim();
    return name === "" ? [] : [name];
  });
  return {
    all: isTrue(annotations[`${prefix}/auto`]) || isTrue(annotations[`secret.${prefix}/auto`]),
    match: isTrue(annotations[`${prefix}/search`]),
    names,
  };
}

/** What External Secrets writes on a Secret. */
function marksOf({ of }: Inspected, namespace: string, name: string): Record<string, string> {
  const writer = of("ExternalSecret").find(
    ({ object: { metadata } }) => metadata.name === name && metadata.namespace === namespace,
  );
  const { target } = writer
    ? specOf<{ target?: { template?: { metadata?: { annotations?: Record<string, string> } } } }>(writer)
    : {};
  return target?.template?.metadata?.annotations ?? {};
}

const reloaderOf = (inspected: Inspected): OwnedObject | undefined =>
  inspected.of("HelmRelease").find((one: OwnedObject) => {
    const { chart } = specOf<{ chart?: { spec?: { chart?: string } } }>(one);
    return chart?.spec?.chart === "reloader" || one.object.metadata.name === "reloader";
  });

/** The Secret with the login and that with the password are those of which a change must arrive. */
function passedBy(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts, at } = workspace;
  const { all, match, names } = reloaded(annotationsOf(workspace));
  const isAsked = Object.keys(annotationsOf(workspace)).some((name) => name.includes(prefix));
  const reloader = reloaderOf(inspected);
  const isForAll = reloader && specOf<ReloaderValues>(reloader).values?.reloader?.autoReloadAll === true;
  if (!isAsked || isForAll) return [];
  const wanted = new Set(
    [facts.login?.source?.secret, facts.password?.source?.secret].filter((one) => one !== undefined),
  );
  return facts.externalSecrets
    .filter(({ secret }) => wanted.has(secret))
    .flatMap(({ name, secret }) => {
      const marks = marksOf(inspected, facts.namespace, name);
      const isIgnored = isTrue(marks[`${prefix}/ignore`]);
      const isMeant =
        all || names.some((one) => isNamedBy(one, secret)) || (match && isTrue(marks[`${prefix}/match`]));
      if (isMeant && !isIgnored) return [];
      return {
        message: isIgnored
          ? `Secret ${secret} of ${facts.name} has ${prefix}/ignore: a new key or login in Doppler does not reach the pod`
          : `Reloader's annotations of ${facts.workload.kind} ${facts.workload.name} do not name Secret ${secret}: a new key or login in Doppler does not reach the pod`,
        remedy: `write ${prefix}/auto: "true", or secret.${prefix}/reload: ${secret}`,
        ...at(key("controllers"), prefix),
      };
    });
}

interface ReloaderValues {
  values?: {
    reloader?: {
      autoReloadAll?: boolean;
      ignoreSecrets?: boolean;
      watchGlobally?: boolean;
      namespaceSelector?: string;
    };
  };
}

/** Reloader as the home runs it. */
function blindReloader(inspected: Inspected): Fault[] {
  const release = reloaderOf(inspected);
  if (!release) return [];
  const { ignoreSecrets, watchGlobally } = specOf<ReloaderValues>(release).values?.reloader ?? {};
  const isElsewhere = inspected.workspaces.some(
    ({ facts }) => facts.namespace !== release.object.metadata.namespace && facts.externalSecrets.length > 0,
  );
  const place = (field: string) => inspected.placeOf(release, key(field));
  return [
    ...(ignoreSecrets === true
      ? [
          {
            message:
              "the home's Reloader looks at no Secret (ignoreSecrets): a new key or login in Doppler reaches no pod",
            remedy: "leave ignoreSecrets out",
            ...place("ignoreSecrets"),
          },
        ]
      : []),
    ...(watchGlobally === false && isElsewhere
      ? [
          {
            message: `the home's Reloader looks at its own namespace ${release.object.metadata.namespace} only (watchGlobally): a new key or login in Doppler reaches no workspace`,
            remedy: "leave watchGlobally out",
            ...place("watchGlobally"),
          },
        ]
      : []),
  ];
}

/** Whether Reloader hears of what changes. */
export const reloadRules = [
  rule({
    id: "reload-passed-by",
    title: "Reloader looks at the Secrets that change",
    pitfalls: [11],
    find: eachWorkspace(passedBy),
  }),
  rule({
    id: "reloader-blind",
    title: "the home's Reloader sees workspaces",
    pitfalls: [11],
    find: blindReloader,
  }),
];
