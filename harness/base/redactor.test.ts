import { expect, it } from "vitest";
import { addSecret, redact } from "./redactor.ts";

const value = 'T4mZk8+BfY6/9pQ2"<Lr1';
addSecret("password", value);

it.each([
  ["as it is", value],
  ["in base64", Buffer.from(value).toString("base64")],
  ["in hexadecimal", Buffer.from(value).toString("hex")],
  ["URL-encoded", encodeURIComponent(value)],
  ["JSON-escaped", JSON.stringify(value).slice(1, -1)],
  ["JSON-escaped by Go", JSON.stringify(value).slice(1, -1).replace("<", "\\u003c")],
])("a secret is replaced %s", (_how, text) => {
  expect(redact(`before ${text} after`)).toBe("before [redacted password] after");
});

it.each([1, 2, 3])("a secret is replaced in the base64 of a login with a name of %i characters", (length) => {
  const login = Buffer.from(`${"u".repeat(length)}:${value}`).toString("base64");
  expect(redact(`Authorization: Basic ${login}`)).toMatch(
    /^Authorization: Basic \w{1,8}\[redacted password\]\S{0,4}$/,
  );
});

it.each([76, 64])("a secret is replaced in base64 with lines of %i characters", (length) => {
  const login = JSON.stringify({ refresh: "q7".repeat(40), access: "z3".repeat(40) });
  addSecret("login", login);
  const lines =
    Buffer.from(login)
      .toString("base64")
      .match(new RegExp(`.{1,${length}}`, "g")) ?? [];
  const told = redact(lines.join("\n")).split("\n");
  expect(told.slice(0, -1)).toEqual(lines.slice(0, -1).map(() => "[redacted login]"));
  expect(told.at(-1)).toMatch(/^(\[redacted login\]|.{1,15})$/);
});

it.each(["$&", "$`", 'a"b', "a\nb", "<b>"])("a name like %j says nothing more than a name", (name) => {
  addSecret(name, "gho_f3X9kQ2mT7bL");
  expect(redact("before gho_f3X9kQ2mT7bL after")).toMatch(/^before \[redacted [\w .]+\] after$/);
});

it("what is too short to be told from ordinary text is refused", () => {
  expect(() => addSecret("pin", "1234567")).toThrow("too short");
});

it.each([76, 64])("a secret is replaced wherever lines of %i characters end in its base64", (length) => {
  const token = "ghp_q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8";
  addSecret("token", token);
  for (let before = 0; before < 60; before += 1) {
    const base64 = Buffer.from(`${"x".repeat(before)}${token}${"y".repeat(60)}`).toString("base64");
    const lines = base64.match(new RegExp(`.{1,${length}}`, "g")) ?? [];
    expect(redact(`auth: ${lines.join("\n  ")}`)).toContain("[redacted token]");
  }
});

it("a secret is replaced in the base64 of its base64", () => {
  const again = Buffer.from(Buffer.from(value).toString("base64")).toString("base64");
  expect(redact(`data: ${again}`)).toMatch(/^data: \[redacted password\]\S{0,3}$/);
});

it("leaves base64 as it is in which there is no secret", () => {
  const lines =
    Buffer.from("nothing of ours ".repeat(20))
      .toString("base64")
      .match(/.{1,76}/g) ?? [];
  expect(redact(lines.join("\n"))).toBe(lines.join("\n"));
});

it("takes no time over a long text without lines", () => {
  const begin = performance.now();
  redact("a".repeat(1_000_000));
  redact(`${"a".repeat(70)}\n`.repeat(15_000));
  expect(performance.now() - begin).toBeLessThan(5_000);
});
