import { expect, it } from "vitest";
import type { Belonging } from "./belongings.ts";
import { sharedBy } from "./nothing-shared.ts";

const thing = (kind: Belonging, id: string) => ({ kind, id, told: `${kind} ${id}` });

it("finds all that is the same", () => {
  const shared = [thing("password", "1"), thing("Secret", "s")];
  const found = sharedBy([...shared, thing("token", "2")], [thing("token", "3"), ...shared]);
  expect(found.map(([{ told }, same]) => [told, same.told])).toEqual([
    ["Secret s", "Secret s"],
    ["password 1", "password 1"],
  ]);
});

it("a password that is the other's token is no shared thing of one kind", () => {
  expect(sharedBy([thing("password", "1")], [thing("token", "1")])).toEqual([]);
});
