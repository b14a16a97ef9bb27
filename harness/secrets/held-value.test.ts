import { expect, it } from "vitest";
import { isHeld, namesOf } from "./held-value.ts";

const login = JSON.stringify({ "github-copilot": { refresh: "gho_1" }, note: "mine" });

it.each([
  ["as it is", "s3cret", ["s3cret"]],
  ["behind something", "s3cret", ["https://me:s3cret@github.com"]],
  ["decoded", Buffer.from("s3cret").toString("base64"), ["s3cret"]],
  ["field by field", login, ["mine", '{"refresh":"gho_1"}']],
])("a value is held %s", (_, value, entries) => expect(isHeld(value, entries)).toBe(true));

it.each([
  ["another value", "s3cret", ["other"]],
  ["only one of its fields", login, ["mine"]],
  ["what is no document", '"text"', ["text"]],
  ["a document of nothing", "{}", []],
])("a value is not held by %s", (_, value, entries) => expect(isHeld(value, entries)).toBe(false));

it("is known by what it is, whatever its entry is called", () => {
  const secret = { token: "s3cret", url: "https://s3cret@host", "github-copilot": '{"refresh":"gho_1"}' };
  expect(namesOf("s3cret", secret)).toEqual(["token", "url"]);
  expect(namesOf(login, secret)).toEqual(["github-copilot"]);
});
