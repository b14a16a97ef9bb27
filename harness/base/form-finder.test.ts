import { describe, expect, it } from "vitest";
import { FormFinder } from "./form-finder.ts";

function finding(...forms: [form: string, name: string][]): FormFinder {
  const finder = new FormFinder();
  for (const [form, name] of forms) finder.add(form, name);
  return finder;
}

const inText = (finder: FormFinder, text: string) =>
  finder.find(text).map(({ from, to, name }) => [text.slice(from, to), name]);

describe("FormFinder", () => {
  it("finds every place of every form, at both ends too", () => {
    const finder = finding(["password", "one"], ["passphrase", "two"]);
    expect(inText(finder, "password, passphrase and a passage: passwordpassword")).toEqual([
      ["password", "one"],
      ["passphrase", "two"],
      ["password", "one"],
      ["password", "one"],
    ]);
    expect(inText(finder, "nothing of the kind")).toEqual([]);
    expect(inText(finder, "")).toEqual([]);
  });

  it("prefers the longest of those that begin alike, in whatever order they came", () => {
    for (const forms of [
      [
        ["secret-12", "short"],
        ["secret-12345", "long"],
      ],
      [
        ["secret-12345", "long"],
        ["secret-12", "short"],
      ],
    ] as [string, string][][]) {
      expect(inText(finding(...forms), "a secret-12345, a secret-12.")).toEqual([
        ["secret-12345", "long"],
        ["secret-12", "short"],
      ]);
    }
  });

  it("covers what overlaps as a whole, by the longest one's name", () => {
    const finder = finding(["abcdefgh", "early"], ["efghijklmnop", "late"], ["ghijklmn", "inner"]);
    expect(inText(finder, "--abcdefghijklmnop--")).toEqual([["abcdefghijklmnop", "late"]]);
    expect(inText(finder, "--abcdefghijkl--")).toEqual([["abcdefgh", "early"]]);
  });

  it("takes the later name of one form", () => {
    expect(inText(finding(["password", "first"], ["password", "second"]), "password")).toEqual([
      ["password", "second"],
    ]);
  });

  it("finds among many what plain searching finds", () => {
    const forms = Array.from({ length: 2_000 }, (_, index) => `${(index * 7919) % 9973}-form-${index}`);
    const finder = finding(...forms.map((form): [string, string] => [form.padEnd(8, "_"), form]));
    const text = Array.from(
      { length: 500 },
      (_, index) => `x${(index * 31) % 97} ${index % 5 === 0 ? forms[index] : ""} y`,
    );
    const joined = text.join("\n");
    const plain = forms.filter((form) => joined.includes(form.padEnd(8, "_")));
    const named = new Set(finder.find(joined).map(({ name }) => name));
    expect(
      plain.filter((form) => !named.has(form) && !plain.some((one) => one !== form && one.includes(form))),
    ).toEqual([]);
    expect(named.size).toBeGreaterThan(90);
  });

  it("refuses what could be anybody's", () => {
    expect(() => finding(["short", "one"])).toThrow(RangeError);
  });
});
