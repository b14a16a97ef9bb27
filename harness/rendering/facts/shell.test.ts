// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell substitutes it, not JavaScript.
import { expect, it } from "vitest";
import { assignmentsIn, expanded } from "./shell.ts";

it("puts known variables into each other", () => {
  expect(assignmentsIn('ORG=acme\nURL="https://example.org/${ORG}"', {})).toEqual({
    ORG: "acme",
    URL: "https://example.org/acme",
  });
});

it("puts nothing in that nobody has set", () => {
  expect(expanded("$constructor ${toString} $known", { known: "x" })).toBe("$constructor ${toString} x");
});

it("has an end where lines set variables to each other", () => {
  const lines = Array.from({ length: 60 }, (_, index) => `A${index + 1}="$A${index}$A${index}"`);
  const found = assignmentsIn(`A0=0123456789\n${lines.join("\n")}`, {});
  expect(found.A2).toBe("0123456789".repeat(4));
  expect(Object.values(found).join("").length).toBeLessThan(2 ** 22);
});
