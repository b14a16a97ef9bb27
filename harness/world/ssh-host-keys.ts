import ssh2 from "ssh2";
import { addPrivateKey, newEd25519Pair } from "../base/index.ts";
import type { HostKeys } from "../home/index.ts";

/** By which clients know github.com's stand-in in this run, a key of each kind that GitHub has. */
export interface HostKeyPairs {
  /** OpenSSH's private keys. */
  privateKeys: string[];
  publicKeys: HostKeys;
}

export function newHostKeys(): HostKeyPairs {
  const { generateKeyPairSync } = ssh2.utils;
  const pairs = [
    newEd25519Pair(),
    generateKeyPairSync("ecdsa", { bits: 256 }),
    generateKeyPairSync("rsa", { bits: 2048 }),
  ];
  for (const pair of pairs) addPrivateKey("host key of github.com's stand-in", pair.private);
  const lines = pairs.map((pair) => pair.public.split(" "));
  return {
    privateKeys: pairs.map((pair) => pair.private),
    publicKeys: Object.fromEntries(lines.map(([kind = "", key = ""]) => [kind, key])),
  };
}
