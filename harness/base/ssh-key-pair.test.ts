import ssh2 from "ssh2";
import { expect, it } from "vitest";
import { newEd25519Pair } from "./ssh-key-pair.ts";

it("makes pairs of which each can be read, also where the public key begins with a zero", () => {
  const pairs = Array.from({ length: 2_000 }, newEd25519Pair);
  expect(pairs.filter((pair) => ssh2.utils.parseKey(pair.private) instanceof Error)).toEqual([]);
  expect(pairs.filter((pair) => ssh2.utils.parseKey(pair.public) instanceof Error)).toEqual([]);
});
