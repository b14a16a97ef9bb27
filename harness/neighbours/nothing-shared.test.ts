import { expect, it } from "vitest";
import type { Belonging } from "./belongings.ts";
import { sharedBy } from "./nothing-shared.ts";

const thing = (kind: Belonging, id: string) => ({ kind, id, told: `${kind} ${id}` });

it("finds the same thing of the same kind", () => {
  const [one, other] = [
    [thing("password", "1"), thing("token", "2")],
    [thing("password", "3"), thing("token", "2")],
  ];
  expect(sharedBy(one, other)?.map(({ told }) => told)).toEqual(["token 2", "token 2"]);
});

it("tells the Secret before what is in it", () => {
  const all = [thing("password", "1"), thing("Secret", "s")];
  expect(sharedBy(all, all)?.[0].kind).toBe("Secret");
});

it("a password that is the other's token is no shared thing of one kind", () => {
  expect(sharedBy([thing("password", "1")], [thing("token", "1")])).toBeUndefined();
});
