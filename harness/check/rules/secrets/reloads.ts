import { isInText } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { secondsOf } from "../../reading/durations.ts";
import {
  eachWorkspace,
  type Inspected,
  type InspectedWorkspace,
  ownedNamed,
  specOf,
} from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { actionsIn } from "../../reading/secret-origins.ts";
import { rule } from "../../rule.ts";

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
function marksOf(inspected: Inspected, namespace: string, name: string): Record<string, string> {
  const writer = ownedNamed(inspected, "ExternalSecret", { namespace, name });
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

/** Whether Reloader restarts a workload for a Secret of its pods'. */
function isHeard(
  workspace: InspectedWorkspace,
  inspected: Inspected,
  { name, secret }: { name: string; secret: string },
): boolean {
  const { all, match, names } = reloaded(annotationsOf(workspace));
  const reloader = reloaderOf(inspected);
  const isForAll = reloader && specOf<ReloaderValues>(reloader).values?.reloader?.autoReloadAll === true;
  const marks = marksOf(inspected, workspace.facts.namespace, name);
  if (isForAll) return true;
  const isMeant =
    all || names.some((one) => isNamedBy(one, secret)) || (match && isTrue(marks[`${prefix}/match`]));
  const left = (annotationsOf(workspace)[`secrets.exclude.${prefix}/reload`] ?? "").split(",");
  const isLeftOut = left.some((one) => one.trim() === secret);
  return isMeant && !isLeftOut && !isTrue(marks[`${prefix}/ignore`]);
}

/** The Secret with the login and that with the password are those of which a change must arrive. */
function passedBy(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts, at } = workspace;
  const isAsked = Object.keys(annotationsOf(workspace)).some((name) => name.includes(prefix));
  if (!isAsked) return [];
  const wanted = new Set(
    [facts.login?.source?.secret, facts.password?.source?.secret].filter((one) => one !== undefined),
  );
  return facts.externalSecrets
    .filter(({ secret }) => wanted.has(secret))
    .flatMap((one) => {
      const { name, secret } = one;
      if (isHeard(workspace, inspected, one)) return [];
      const isIgnored = isTrue(marksOf(inspected, facts.namespace, name)[`${prefix}/ignore`]);
      return {
        message: isIgnored
          ? `Secret ${secret} of ${facts.name} has ${prefix}/ignore: a new key or login in Doppler does not reach the pod`
          : `Reloader's annotations of ${facts.workload.kind} ${facts.workload.name} do not name Secret ${secret}: a new key or login in Doppler does not reach the pod`,
        remedy: `write ${prefix}/auto: "true", or secret.${prefix}/reload: ${secret}`,
        ...at(key("controllers"), prefix),
      };
    });
}

/** Functions of templates that give another text each time: made by chance, of a clock, or with a salt. */
export const restless =
  /(?<![\w.$])(htpasswd|bcrypt|rand\w+|shuffle|gen(?:PrivateKey|CA|SelfSignedCert|SignedCert)\w*|encryptAES|uuidv4|now|ago)\b/;
const generators = /^(Password|UUID|SSHKey)$/;

interface Template {
  refreshInterval?: string;
  refreshPolicy?: string;
  target?: {
    immutable?: boolean;
    template?: { data?: Record<string, unknown>; templateFrom?: { literal?: string }[] };
  };
  dataFrom?: { sourceRef?: { generatorRef?: { kind?: string } } }[];
}

/** What an ExternalSecret makes anew at every refresh, with the words by which it is found. */
function madeAnew({ target, dataFrom = [] }: Template): { what: string; needles: Needle[] } | undefined {
  const { data = {}, templateFrom = [] } = target?.template ?? {};
  const texts: [text: string, needle: Needle][] = [
    ...Object.entries(data).map(([field, text]): [string, Needle] => [String(text), key(field)]),
    ...templateFrom.map(({ literal = "" }): [string, Needle] => [literal, key("literal")]),
  ];
  for (const [text, needle] of texts) {
    // What stands in for a value that is missing is not asked for while it is there.
    const actions = actionsIn(text).filter((action) => !/\b(default|coalesce)\b/.test(action));
    const [, word] = actions.map((action) => restless.exec(action)).find((found) => found) ?? [];
    if (word !== undefined) return { what: word, needles: [key("template"), needle, word] };
  }
  const kind = dataFrom
    .map(({ sourceRef }) => sourceRef?.generatorRef?.kind ?? "")
    .find((one) => generators.test(one));
  return kind === undefined
    ? undefined
    : { what: `generator ${kind}`, needles: [key("generatorRef"), key("kind")] };
}

/** External Secrets makes the Secret anew at every refresh, and Reloader sees a change. */
function restlessSecrets(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts } = workspace;
  return facts.externalSecrets
    .filter((one) => isHeard(workspace, inspected, one))
    .flatMap(({ name }) => {
      const owned = ownedNamed(inspected, "ExternalSecret", { namespace: facts.namespace, name });
      if (!owned) return [];
      const { refreshInterval = "1h", refreshPolicy = "Periodic", ...spec } = specOf<Template>(owned);
      const isOnce = refreshPolicy !== "Periodic" || spec.target?.immutable || !secondsOf(refreshInterval);
      const found = madeAnew(spec);
      if (isOnce || !found) return [];
      return {
        message: `ExternalSecret ${name} makes another value at every refresh (${found.what}): Reloader restarts ${facts.name} each ${refreshInterval}, and every terminal and answer under way ends`,
        remedy:
          "store the value in Doppler, or say refreshPolicy: CreatedOnce in an ExternalSecret of its own",
        ...inspected.placeOf(owned, ...found.needles),
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
  rule({
    id: "restarts-at-refresh",
    title: "a Secret changes when its values do",
    pitfalls: [11],
    find: eachWorkspace(restlessSecrets),
  }),
];
