import { escapeRegExp, isInText } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Spec {
  secretStoreRef?: { kind?: string; name?: string };
  target?: { name?: string; template?: { data?: Record<string, unknown> } };
  data?: { secretKey: string; remoteRef?: { key?: string } }[];
}

const ours = ({ of, concernsUs }: Inspected) => of("ExternalSecret").filter(concernsUs);

/** Functions that make another text of a value, of which OpenCode, git and restic know nothing. */
const changing = new Set(
  "b64enc b32enc quote squote toJson toPrettyJson upper lower title untitle swapcase snakecase kebabcase camelcase initials trunc substr abbrev abbrevboth repeat shuffle indent nindent wrap urlquery html js sha1sum sha256sum sha512sum".split(
    " ",
  ),
);

/** The function that a template's only value goes through, by a pipe or as its argument. */
function changeIn(text: string): string | undefined {
  const piped = [...text.matchAll(/\|\s*(\w+)/g)].map(([, name = ""]) => name);
  const [, called = ""] = /\{\{-?\s*(\w+)\s[^{}|]*\./.exec(text) ?? [];
  return [called, ...piped].find((name) => changing.has(name));
}

/** Whether it is a password, token or login of a workspace: what else there is, its owner knows. */
function isOfWorkspace({ workspaces }: Inspected, one: OwnedObject, field: string): boolean {
  const secret = specOf<Spec>(one).target?.name ?? one.object.metadata.name;
  return workspaces.some(({ facts: { namespace, login, password, clones } }) =>
    [login?.source, password?.source, ...clones.flatMap(({ credentials }) => credentials)].some(
      (source) =>
        namespace === one.object.metadata.namespace && source?.secret === secret && source.key === field,
    ),
  );
}

function changed(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) =>
    Object.entries(specOf<Spec>(one).target?.template?.data ?? {}).flatMap(([field, text]) => {
      const whole = /^\s*\{\{[^{}]*\}\}\s*$/.test(String(text));
      const word = changeIn(String(text));
      // What is parsed before may be made text again.
      if (!whole || word === undefined || /fromJson|fromYaml|b64dec/.test(String(text))) return [];
      // Somebody else may want a digest.
      if (word.endsWith("sum") && !isOfWorkspace(inspected, one, field)) return [];
      return {
        message: `${field} of ExternalSecret ${one.object.metadata.name} goes through ${word}: the pod gets another text than the one in Doppler`,
        remedy: "write {{ .NAME }}: External Secrets itself writes the Secret's base64",
        ...(isOfWorkspace(inspected, one, field) ? {} : { severity: "warning" as const }),
        ...inspected.placeOf(one, key("template"), key(field)),
      };
    }),
  );
}

/** A name where its value is meant: `$NAME`, or the name alone. */
function plainNames(inspected: Inspected): Fault[] {
  const known = Object.keys(inspected.home.outside.doppler);
  return ours(inspected).flatMap((one) => {
    const { target, data = [] } = specOf<Spec>(one);
    const names = new Set([...known, ...data.map(({ secretKey }) => secretKey)]);
    return Object.entries(target?.template?.data ?? {}).flatMap(([field, text]) => {
      const [, name = ""] = /^\s*\$?\(?\{?\.?([A-Z][A-Z0-9_]{3,})\}?\)?\s*$/.exec(String(text)) ?? [];
      if (!names.has(name)) return [];
      return {
        message: `${field} of ExternalSecret ${one.object.metadata.name} is the text ${String(text).trim()}, not the value of that name`,
        remedy: `write "{{ .${name} }}"`,
        ...inspected.placeOf(one, key("template"), key(field)),
      };
    });
  });
}

/** Two values for one key: the later takes the place of the first. */
function namedTwice(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const names = (specOf<Spec>(one).data ?? []).map(({ secretKey }) => secretKey);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice === undefined) return [];
    const needle = new RegExp(`secretKey: ["']?${escapeRegExp(twice)}["']?\\s*$`);
    return {
      message: `ExternalSecret ${one.object.metadata.name} brings ${twice} twice: one of both values is lost`,
      remedy: "give each secretKey a name of its own",
      ...inspected.placeOf(one, key("data"), needle, needle),
    };
  });
}

interface Condition {
  namespaces?: string[];
  namespaceSelector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
  namespaceRegexes?: string[];
}

/** A ClusterSecretStore that answers certain namespaces only. */
function refusedByStore(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { kind = "", name } = specOf<Spec>(one).secretStoreRef ?? {};
    const store = inspected.of(kind).find(({ object }) => object.metadata.name === name);
    const { conditions = [] } = store ? specOf<{ conditions?: Condition[] }>(store) : {};
    const namespace = one.object.metadata.namespace ?? "";
    if (!store || conditions.length === 0 || conditions.some((found) => admits(inspected, found, namespace)))
      return [];
    return {
      message: `${kind} ${name} answers other namespaces only, not ${namespace}: ExternalSecret ${one.object.metadata.name} is refused`,
      remedy: `add ${namespace} to the store's conditions, or leave them out`,
      ...inspected.placeOf(store, key("conditions")),
    };
  });
}

function admits(
  { of }: Inspected,
  { namespaces = [], namespaceSelector, namespaceRegexes = [] }: Condition,
  name: string,
) {
  const labels: Record<string, string> = {
    ...of("Namespace").find(({ object }) => object.metadata.name === name)?.object.metadata.labels,
    "kubernetes.io/metadata.name": name,
  };
  const isSelected =
    namespaceSelector !== undefined &&
    (namespaceSelector.matchExpressions !== undefined ||
      Object.entries(namespaceSelector.matchLabels ?? {}).every(([label, value]) => labels[label] === value));
  return (
    namespaces.includes(name) || isSelected || namespaceRegexes.some((one) => isInText(one, name) !== false)
  );
}

/** The key with which a store asks Doppler. */
function storeWithoutToken(inspected: Inspected): Fault[] {
  const used = new Set(
    ours(inspected).map(
      (one) => `${specOf<Spec>(one).secretStoreRef?.kind} ${specOf<Spec>(one).secretStoreRef?.name}`,
    ),
  );
  return inspected
    .of("ClusterSecretStore")
    .filter(({ object }) => used.has(`ClusterSecretStore ${object.metadata.name}`))
    .flatMap((store: OwnedObject) => {
      const { provider } = specOf<{
        provider?: {
          doppler?: {
            auth?: { secretRef?: { dopplerToken?: { name?: string; key?: string; namespace?: string } } };
          };
        };
      }>(store);
      const {
        name = "",
        key: field = "dopplerToken",
        namespace = "",
      } = provider?.doppler?.auth?.secretRef?.dopplerToken ?? {};
      const there = inspected.objects.in("Secret", namespace);
      const secret = there.find(({ metadata }) => metadata.name === name) as
        | { data?: object; stringData?: object }
        | undefined;
      const others = inspected.objects
        .all("Secret")
        .filter(
          ({ metadata }) =>
            metadata.name === name || (metadata.namespace === namespace && /doppler/i.test(metadata.name)),
        );
      // Of a token that is in no file nothing is known.
      if (provider?.doppler === undefined || others.length === 0 || namespace === "") return [];
      if (secret && field in { ...secret.data, ...secret.stringData }) return [];
      const [other] = others;
      return {
        message: `ClusterSecretStore ${store.object.metadata.name} asks Doppler with ${field} of Secret ${namespace}/${name}, which ${secret ? "has no such key" : "is not in the tree"}: no ExternalSecret is filled`,
        remedy: `there is Secret ${other?.metadata.namespace}/${other?.metadata.name}: name it and its key`,
        ...inspected.placeOf(store, key("dopplerToken"), secret ? key("key") : key("name")),
      };
    });
}

/** Whether each ExternalSecret gets what it asks for, as it is. */
export const askedValueRules = [
  rule({
    id: "secret-changed",
    title: "values arrive as Doppler has them",
    pitfalls: [1, 7],
    find: (inspected) => [...changed(inspected), ...plainNames(inspected)],
  }),
  rule({ id: "secret-key-twice", title: "each key has one value", pitfalls: [7], find: namedTwice }),
  rule({
    id: "store-refuses",
    title: "stores answer the namespaces of workspaces",
    pitfalls: [5, 7],
    isBlocker: true,
    find: refusedByStore,
  }),
  rule({
    id: "store-token-missing",
    title: "stores have their token",
    pitfalls: [7],
    find: storeWithoutToken,
  }),
];
