import {
  type ExternalSecret,
  type RenderedTree,
  readExternalSecrets,
  type WorkspaceFacts,
} from "../rendering/index.ts";
import { accountKeysOf, repositoryValues } from "./object-store.ts";
import { objectsOf } from "./objects.ts";
import type { DopplerKey, Outside, SecretShape } from "./outside.ts";

/**
 * The world outside, read off the rendered tree, for a tree that brings no outside.yaml: Doppler has what the tree asks
 * for, GitHub what it clones. `blind` says what a run can therefore not notice.
 */
export function deriveOutside(
  rendered: RenderedTree,
  workspaces: readonly WorkspaceFacts[],
): { outside: Outside; blind: string[] } {
  const writers = readExternalSecrets(objectsOf(rendered, "ExternalSecret").map(({ object }) => object));
  const addresses = Object.entries(repositoryValues(writers)).map(([key, value]): [string, DopplerKey] => [
    key,
    { shape: "text", value },
  ]);
  const doppler = Object.fromEntries([...writers.flatMap(keysOf), ...addresses]);
  const repositories = workspaces.flatMap(({ clones, externalSecrets }) =>
    clones.map(({ repository }) => ({
      repository,
      opens: externalSecrets.flatMap(({ keys }) => keys).filter((key) => opensGit(doppler[key])),
    })),
  );
  const zone = workspaces.flatMap(({ hosts }) => hosts.map(({ hostname }) => hostname));
  const accounts = accountKeysOf(writers);
  const blind = [...notNoticed, ...(addresses.length + accounts.length > 0 ? [backupsNotNoticed] : [])];
  return { outside: { doppler, sops: {}, repositories, accounts, zone }, blind };
}

const notNoticed = [
  "a misspelt key of Doppler: it holds exactly the keys that the tree asks for",
  "a repository that is not there, and a token that opens another one: GitHub serves what the tree clones to every token beside it",
];

const backupsNotNoticed =
  "an address or an account of backups that is another one: the object store is where the tree looks for it, and lets in whoever it sends";

function opensGit(key: DopplerKey | undefined): boolean {
  return key?.shape === "pat" || key?.shape === "ssh-key";
}

/** Keys by name, and of those that `find` brings the ones that the template names. */
function keysOf({ spec: { target, data, dataFrom } }: ExternalSecret): [string, DopplerKey][] {
  const template = JSON.stringify(target?.template ?? "");
  const named = data.map(({ remoteRef }) => remoteRef.key);
  const extracted = dataFrom.flatMap(({ extract }) => extract?.key ?? []);
  const prefixes = dataFrom.flatMap(({ find }) => find?.path ?? []);
  const words = [...template.matchAll(/\.([A-Z][A-Z0-9_]*)/g)].flatMap(([, word]) => word ?? []);
  const found = words.filter((word) => prefixes.some((prefix) => word.startsWith(prefix)));
  const decoded = new Set(
    [...template.matchAll(/\{\{[^}]*\bb64dec\b[^}]*\}\}/g)].join(" ").match(/\w+/g) ?? [],
  );
  return [...named, ...extracted, ...found].map((key) => [
    key,
    { shape: shapeOf(key), ...(decoded.has(key) ? { base64: true } : {}) },
  ]);
}

function shapeOf(key: string): SecretShape {
  if (/AUTH_JSON|COPILOT.*(AUTH|LOGIN)/.test(key)) return "login";
  if (/SSH|DEPLOY_KEY|PRIVATE_KEY/.test(key)) return "ssh-key";
  if (/PAT$|GITHUB.*TOKEN|GIT.*TOKEN/.test(key)) return "pat";
  if (/PASSWORD|SECRET|KEY|TOKEN/.test(key)) return "password";
  return "text";
}
