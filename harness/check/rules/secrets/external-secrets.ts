import { escapeRegExp } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import { type ExternalSecret, externalSecretsIn } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { broughtBy, isFound, namesIn } from "../../reading/secret-origins.ts";
import { rule } from "../../rule.ts";

type Asked = ExternalSecret & { owned: OwnedObject };

/** The ExternalSecrets of Kustomizations that make workspaces. */
function asked(inspected: Inspected): Asked[] {
  return inspected
    .of("ExternalSecret")
    .filter(inspected.concernsUs)
    .flatMap((owned) => {
      const { namespace = "", name } = owned.object.metadata;
      const found = externalSecretsIn(namespace, inspected.objects).find((one) => one.name === name);
      return found ? [{ ...found, owned }] : [];
    });
}

/** A run with an outside read off the tree would have every key that the tree asks for. */
const knowsOutside = ({ home }: Inspected) => home.blind.length === 0;

function missingKeys(inspected: Inspected): Fault[] {
  if (!knowsOutside(inspected)) return [];
  const known = Object.keys(inspected.home.outside.doppler);
  return asked(inspected).flatMap(({ name, spec, owned }) => {
    const named = [
      ...spec.data.map(({ remoteRef }) => remoteRef.key),
      ...spec.dataFrom.flatMap(({ extract }) => extract?.key ?? []),
    ];
    const lacking = named
      .filter((one) => !known.includes(one))
      .map((one) => ({
        message: `ExternalSecret ${name} asks Doppler for ${one}, which it does not have`,
        remedy: `add ${one} to Doppler (and to outside.yaml), or spell it as it is there${nearest(one, known)}`,
        ...inspected.placeOf(owned, new RegExp(`key: ["']?${escapeRegExp(one)}\\b`)),
      }));
    const empty = spec.dataFrom
      .flatMap(({ find }) => (find && !known.some((one) => isFound(one, find)) ? [find] : []))
      .map(({ path = "", name: pattern }) => ({
        message: `ExternalSecret ${name} looks for keys ${path || pattern?.regexp}… in Doppler, and none is so named`,
        remedy: "write the prefix that Doppler's keys have, or add them there (and to outside.yaml)",
        ...inspected.placeOf(owned, key("find"), path || "regexp"),
      }));
    return [...lacking, ...empty];
  });
}

/** The known name that shares most of its words. */
function nearest(wanted: string, known: readonly string[]): string {
  const words = new Set(wanted.split("_"));
  const shared = (one: string) => one.split("_").filter((word) => words.has(word)).length;
  const [best] = known.toSorted((left, right) => shared(right) - shared(left));
  return best !== undefined && shared(best) > 1 ? `: ${best}?` : "";
}

function emptyTemplates(inspected: Inspected): Fault[] {
  const known = Object.keys(inspected.home.outside.doppler);
  return asked(inspected).flatMap(({ name, spec, owned }) => {
    const brought = broughtBy({ spec }, known);
    const template = Object.entries(spec.target?.template?.data ?? {});
    if (!brought) return [];
    return template.flatMap(([field, text]) =>
      namesIn(String(text))
        .filter((one) => !brought.includes(one))
        .map((one) => ({
          message: `the template of ExternalSecret ${name} makes ${field} of ${one}, which neither data nor dataFrom brings`,
          remedy: `add ${one} to data, or name a secretKey that is there: ${brought.join(", ") || "none is"}`,
          ...inspected.placeOf(owned, key("template"), one),
        })),
    );
  });
}

function missingStores(inspected: Inspected): Fault[] {
  return asked(inspected).flatMap(({ name, spec, owned }) => {
    const { kind = "SecretStore", name: store = "" } = spec.secretStoreRef ?? {};
    const namespace = owned.object.metadata.namespace;
    const isThere = inspected
      .of(kind)
      .some(
        ({ object: { metadata } }) =>
          metadata.name === store && (kind !== "SecretStore" || metadata.namespace === namespace),
      );
    if (isThere || !spec.secretStoreRef) return [];
    const hasNone = ["SecretStore", "ClusterSecretStore"].every((one) => inspected.of(one).length === 0);
    return {
      ...(hasNone ? { severity: "warning" as const } : {}),
      message: `ExternalSecret ${name} asks ${kind} ${store}, which the home does not have${hasNone ? "; it has none at all" : ""}`,
      remedy: hasNone
        ? "commit the store too: what has made it is not known here, so that nothing can be said of it"
        : "name the store that the home applies",
      ...inspected.placeOf(owned, key("secretStoreRef"), key("name")),
    };
  });
}

function twoWriters(inspected: Inspected): Fault[] {
  const writers = asked(inspected);
  return writers.flatMap(({ name, secret, owned }) => {
    const { namespace = "" } = owned.object.metadata;
    const isOther = (one: Asked) =>
      one.name !== name && one.secret === secret && one.owned.object.metadata.namespace === namespace;
    const other = writers.find(isOther);
    const plain = inspected.objects.find("Secret", { namespace, name: secret });
    if (!other && !plain) return [];
    return {
      message: `Secret ${namespace}/${secret} has two writers: ExternalSecret ${name} and ${other ? `ExternalSecret ${other.name}` : "a Secret in Git"}`,
      remedy: "keep one of them: each overwrites what the other wrote",
      ...inspected.placeOf(owned, key("target"), secret),
    };
  });
}

/** A script that makes by hand what an ExternalSecret owns. */
function writtenByHand(inspected: Inspected): Fault[] {
  const { tree } = inspected.home;
  const names = asked(inspected).map(({ secret }) => secret);
  const scripts = [...tree.files.keys()].filter((path) => path.endsWith(".sh"));
  return scripts.flatMap((file) =>
    tree
      .text(file)
      .split("\n")
      .flatMap((text, index) => {
        const isMaking = /kubectl\b.*\b(create|apply|patch|replace)\b.*\bsecret\b/.test(text);
        const secret = names.find((name) => text.includes(name));
        if (!isMaking || secret === undefined) return [];
        return {
          message: `${file.split("/").at(-1)} writes Secret ${secret}, which an ExternalSecret owns`,
          remedy:
            "let the script write to Doppler: External Secrets overwrites the Secret at its next refresh",
          file,
          line: index + 1,
        };
      }),
  );
}

export const externalSecretRules = [
  rule({
    id: "doppler-key-missing",
    title: "Doppler has every key that is asked for",
    pitfalls: [7],
    isBlocker: true,
    find: missingKeys,
  }),
  rule({
    id: "template-key-missing",
    title: "templates of ExternalSecrets name keys that are brought",
    pitfalls: [7],
    isBlocker: true,
    find: emptyTemplates,
  }),
  rule({
    id: "store-missing",
    title: "the stores are in the home",
    pitfalls: [5, 7],
    isBlocker: true,
    find: missingStores,
  }),
  rule({
    id: "secret-two-writers",
    title: "every Secret has one writer",
    pitfalls: [10],
    find: (inspected) => [...twoWriters(inspected), ...writtenByHand(inspected)],
  }),
];
