import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { actionsIn, isFound, namesIn } from "../../reading/secret-origins.ts";
import { rule } from "../../rule.ts";
import { isSecretMade } from "../objects/pod-names.ts";

interface Named {
  name?: string;
}

interface Spec {
  target?: {
    template?: { data?: Record<string, unknown>; templateFrom?: { configMap?: Named; secret?: Named }[] };
  };
  data?: { secretKey?: string; remoteRef?: { key?: string } }[];
  dataFrom?: {
    find?: { path?: string; name?: { regexp?: string } };
    extract?: object;
    sourceRef?: object;
    rewrite?: { regexp?: { source?: string; target?: string }; transform?: object; merge?: object }[];
  }[];
}

const ours = ({ of, concernsUs }: Inspected) => of("ExternalSecret").filter(concernsUs);

/** A beginning that is taken away or put in another's place, as `rewrite` has it in every example; undefined of others. */
function renaming({
  source = "",
  target = "",
}: {
  source?: string;
  target?: string;
}): ((name: string) => string) | undefined {
  const [, prefix, hasRest] = /^\^?([A-Za-z0-9_-]+)(\(\.[*+]\))?\$?$/.exec(source) ?? [];
  const [, before, rest] = /^([A-Za-z0-9_-]*)(\$1|\$\{1\})?$/.exec(target) ?? [];
  if (prefix === undefined || before === undefined || (hasRest === undefined) !== (rest === undefined))
    return undefined;
  return (name) => {
    const at = source.startsWith("^") ? (name.startsWith(prefix) ? 0 : -1) : name.indexOf(prefix);
    return at < 0 ? name : `${name.slice(0, at)}${before}${name.slice(at + prefix.length)}`;
  };
}

/** The names that an ExternalSecret brings when all of them are renamed in a way that can be followed; undefined where not. */
function broughtBy({ data = [], dataFrom = [] }: Spec, ofStore: readonly string[]): string[] | undefined {
  const names = data.flatMap(({ secretKey }) => secretKey ?? []);
  for (const { find, extract, sourceRef, rewrite = [] } of dataFrom) {
    if (!find || extract || sourceRef) return undefined;
    const steps = rewrite.map(({ regexp }) => regexp && renaming(regexp));
    if (steps.some((step) => step === undefined)) return undefined;
    const found = ofStore.filter((one) => isFound(one, find));
    names.push(...found.map((one) => steps.reduce((name, step) => step?.(name) ?? name, one)));
  }
  return names;
}

/** Templates see names as `rewrite` leaves them. */
function renamed(inspected: Inspected): Fault[] {
  if (inspected.home.blind.length > 0) return [];
  const known = Object.keys(inspected.home.outside.doppler);
  return ours(inspected).flatMap((one) => {
    const spec = specOf<Spec>(one);
    const brought = broughtBy(spec, known);
    const isRewritten = spec.dataFrom?.some(({ rewrite }) => (rewrite ?? []).length > 0);
    if (!brought || !isRewritten) return [];
    return Object.entries(spec.target?.template?.data ?? {}).flatMap(([field, text]) =>
      namesIn(String(text))
        .filter((name) => !brought.includes(name))
        .map((name) => ({
          message: `the template of ExternalSecret ${one.object.metadata.name} makes ${field} of ${name}, which rewrite has renamed: there is ${brought.join(", ") || "nothing"}`,
          remedy: "name it as rewrite leaves it, or leave rewrite out",
          ...inspected.placeOf(one, key("template"), name),
        })),
    );
  });
}

/** A template that lies elsewhere. */
function withoutTemplate(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) =>
    (specOf<Spec>(one).target?.template?.templateFrom ?? []).flatMap(({ configMap, secret }) => {
      const { namespace = "", name: own } = one.object.metadata;
      const name = configMap?.name ?? secret?.name;
      const isThere =
        name === undefined ||
        (configMap
          ? inspected.objects.find("ConfigMap", { namespace, name }) !== undefined
          : isSecretMade(inspected, namespace, name));
      if (isThere) return [];
      return {
        message: `ExternalSecret ${own} takes its template from ${configMap ? "ConfigMap" : "Secret"} ${namespace}/${name}, which nobody makes: it makes no Secret`,
        remedy: "write the template into target.template.data, or make what it names",
        ...inspected.placeOf(one, key("templateFrom"), name),
      };
    }),
  );
}

/** A text of quotes after `default`. */
const standIn = /\|\s*default\s+(?:"([^"]+)"|`([^`]+)`)|\bdefault\s+(?:"([^"]+)"|`([^`]+)`)\s+\./;

/** What counts where Doppler has an empty value stands in Git. */
function standsIn(inspected: Inspected): Fault[] {
  const { outside } = inspected.home;
  return ours(inspected).flatMap((one) => {
    const { target, data = [] } = specOf<Spec>(one);
    return Object.entries(target?.template?.data ?? {}).flatMap(([field, text]) => {
      const isSecret = namesIn(String(text)).some((name) => {
        const stored = data.find(({ secretKey }) => secretKey === name)?.remoteRef?.key ?? name;
        return /^(password|pat|login|ssh-key)$/.test(outside.doppler[stored]?.shape ?? "");
      });
      if (!isSecret || !standIn.test(String(text))) return [];
      return {
        message: `${field} of ExternalSecret ${one.object.metadata.name} has a value in Git that counts where Doppler's is empty: whoever reads the repository knows it`,
        remedy: "leave default out: without a value nothing should start",
        severity: "warning" as const,
        ...inspected.placeOf(one, key("template"), key(field)),
      };
    });
  });
}

/** The template of a key of a Secret. */
function templateOf(
  inspected: Inspected,
  namespace: string,
  secret: string,
  field: string,
): { owned: OwnedObject; text: string } | undefined {
  const owned = inspected
    .of("ExternalSecret")
    .find(
      (one) =>
        one.object.metadata.namespace === namespace &&
        (specOf<{ target?: Named }>(one).target?.name ?? one.object.metadata.name) === secret,
    );
  const text = owned && specOf<Spec>(owned).target?.template?.data?.[field];
  return owned && text !== undefined ? { owned, text: String(text) } : undefined;
}

/** What a workspace takes as a password: OpenCode's own, and the token that a credential helper says as it is. */
function passwordsOf({ facts, containers }: InspectedWorkspace) {
  const { secret, key: field } = facts.password?.source ?? {};
  const own = secret !== undefined && field !== undefined ? [{ secret, field, what: "password" }] : [];
  const tokens = facts.clones.flatMap(({ container, credentials: [token, ...others] }) => {
    const text = containers.find((one) => one.container.name === container)?.program.text ?? "";
    const isSaid = /\bpassword=(?:%s|\$\(|\$\{?\w)/.test(text) && others.length === 0;
    return isSaid && token?.key !== undefined
      ? [{ secret: token.secret, field: token.key, what: "token" }]
      : [];
  });
  return [...own, ...tokens];
}

/** A password is the whole value: `opencode:` or `token ` before it, as in a header, is a part of it then. */
function withMore(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { name, namespace } = workspace.facts;
  return passwordsOf(workspace).flatMap(({ secret, field, what }) => {
    const { owned, text } = templateOf(inspected, namespace, secret, field) ?? {};
    if (!owned || text === undefined || actionsIn(text).length !== 1) return [];
    const around = text.replaceAll(/\{\{[\s\S]*?\}\}/g, "").trim();
    if (around === "") return [];
    return {
      message: `the ${what} of ${name} has «${around}» beside Doppler's value, which is a part of it then: it opens nothing`,
      remedy: "write the value alone",
      ...inspected.placeOf(owned, key("template"), key(field)),
    };
  });
}

/** How an ExternalSecret calls what it brings, and what it adds. */
export const secretRewriteRules = [
  rule({
    id: "secret-renamed",
    title: "templates name what rewrite leaves",
    pitfalls: [7],
    isBlocker: true,
    find: renamed,
  }),
  rule({
    id: "template-missing",
    title: "templates are there",
    pitfalls: [7],
    isBlocker: true,
    find: withoutTemplate,
  }),
  rule({ id: "secret-stands-in", title: "no secret stands in Git", pitfalls: [3], find: standsIn }),
  rule({
    id: "password-with-more",
    title: "a password is Doppler's value alone",
    pitfalls: [7],
    find: eachWorkspace(withMore),
  }),
];
