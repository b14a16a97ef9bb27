import { randomBytes } from "node:crypto";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { addPrivateKey, addSecret } from "../base/index.ts";
import { dopplerTokenOf, type Home, sourceOf } from "../home/index.ts";
import { fluxCredential } from "../internet/index.ts";
import { generateSecret, shownToGitHub } from "./generate-secret.ts";
import { type HostKeyPairs, newHostKeys } from "./ssh-host-keys.ts";

/** Every secret of a run, made for it and known to the redactor. */
export interface Credentials {
  /** With which Flux reads, and the harness pushes, the GitOps repositories. */
  gitToken: string;
  /** Service token of Doppler's config. */
  dopplerToken: string;
  /** With which the harness steers the stand-ins. */
  controlToken: string;
  /** The age key (AGE-SECRET-KEY-…) that opens the home's SOPS files in this run, and its public half (age1…). */
  age: { identity: string; recipient: string };
  /** By which clients of git over SSH know github.com's stand-in. */
  hostKeys: HostKeyPairs;
  /** Doppler's content: key to value. */
  dopplerSecrets: Record<string, string>;
  /** Another value for each of Doppler's keys, to rotate to: made at the start, so that the redactor knows it. */
  successors: Record<string, string>;
  /**
   * The repositories that workspaces clone, each once, with the tokens and public keys (name to value) that open it: one
   * may be the repository that Flux reads.
   */
  repositories: { repository: string; tokens: Record<string, string> }[];
}

export async function newCredentials(home: Home): Promise<Credentials> {
  const { outside, rendered, sops } = home;
  const generate = () =>
    Object.fromEntries(Object.entries(outside.doppler).map(([key, what]) => [key, generateSecret(what)]));
  const [dopplerSecrets, successors] = [generate(), generate()];
  const gitToken = `ghp_${randomBytes(18).toString("hex")}`;
  const dopplerToken = dopplerTokenOf(rendered, sops) ?? `dp.st.prd.${randomBytes(20).toString("hex")}`;
  const controlToken = randomBytes(24).toString("hex");
  const tokens = { gitToken, dopplerToken, controlToken };
  const identity = await generateIdentity();
  const age = { identity, recipient: await identityToRecipient(identity) };
  const isSecret = ([key]: [string, string]) => outside.doppler[key]?.value === undefined;
  const hidden = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).filter(isSecret));
  for (const values of [{ ...hidden(dopplerSecrets), ...tokens, "age key": identity }, hidden(successors)]) {
    makeKnown(values);
  }
  const opened = (key: string) => [
    [key, shownToGitHub(dopplerSecrets[key] ?? "", outside.doppler[key])],
    [`${key}, rotated`, shownToGitHub(successors[key] ?? "", outside.doppler[key])],
  ];
  const keysOf = Map.groupBy(outside.repositories, ({ repository }) => repository);
  const fluxReads = sourceOf(rendered).repository;
  const repositories = [...keysOf].map(([repository, entries]) => ({
    repository,
    tokens: Object.fromEntries([
      ...(repository === fluxReads ? [[fluxCredential, gitToken]] : []),
      ...entries.flatMap(({ opens }) => opens).flatMap(opened),
      ...behindSops(home, repository),
    ]),
  }));
  return { ...tokens, age, hostKeys: newHostKeys(), dopplerSecrets, successors, repositories };
}

/**
 * What stands behind SOPS, and is given to the container that clones the repository: in a world that is read off the tree it
 * opens it, as a token from Doppler does.
 */
export function behindSops(
  { blind, workspaces, sops }: Pick<Home, "blind" | "workspaces"> & { sops: Pick<Home["sops"], "all"> },
  repository: string,
): [string, string][] {
  if (blind.length === 0) return [];
  const given = workspaces
    .flatMap(({ clones }) => clones)
    .filter((clone) => clone.repository === repository)
    .flatMap(({ credentials }) => credentials);
  return [...sops.all].filter(([name]) =>
    given.some(({ secret, key }) =>
      key === undefined ? name.startsWith(`${secret}/`) : name === `${secret}/${key}`,
    ),
  );
}

/**
 * The redactor knows these values, what a workspace makes of those in base64, and the tokens inside of an auth.json, which
 * leak without the JSON around them.
 */
export function makeKnown(values: Record<string, string>): void {
  for (const [key, value] of Object.entries(values)) {
    addSecret(key, value);
    if (value.includes("PRIVATE KEY-----")) addPrivateKey(key, value);
    const decoded = Buffer.from(value, "base64");
    const isBase64 = decoded.toString("base64") === value && isPlainText(decoded);
    const plain = isBase64 ? decoded.toString() : value;
    if (isBase64) addSecret(key, plain);
    for (const [token] of plain.matchAll(/gho_\w+|tid=\w+/g)) addSecret("copilot token", token);
  }
}

function isPlainText(bytes: Buffer): boolean {
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}
