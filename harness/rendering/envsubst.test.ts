// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux or a shell substitutes it, not JavaScript.
import { describe, expect, it } from "vitest";
import { envsubst } from "./envsubst.ts";

const values: Record<string, string> = {
  APP: "garden",
  DOMAIN: "home.example",
  PATHS: "a/b/c",
  EMPTY: "",
};
const substituted = (text: string) => envsubst(text, (name) => values[name]);

describe("substitution", () => {
  it.each([
    ["${APP}", "garden"],
    ["${MISSING}", ""],
    ["${MISSING:-other}", "other"],
    ["${MISSING:=other}", "other"],
    ["${MISSING=other}", "other"],
    ["${EMPTY:-other}", "other"],
    ["${APP:-other}", "garden"],
    ["${MISSING:-${APP}-data}", "garden-data"],
    ["${MISSING:-${ALSO:-deep}}", "deep"],
    ["${APP^^}_KEY", "GARDEN_KEY"],
    ["${APP^}", "Garden"],
    ["${DOMAIN/./-}", "home-example"],
    ["${PATHS//\\//_}", "a_b_c"],
    ["${PATHS##*/}", "c"],
    ["${PATHS%/*}", "a/b"],
    ["${DOMAIN%%.*}", "home"],
    ["${APP:1:3}", "ard"],
    ["${APP:-3}", "garden"],
    ["${#APP}", "6"],
  ])("makes %s into %s", (text, result) => {
    expect(substituted(text).text).toBe(result);
  });

  it.each([
    ["${PATHS#*/}", "b/c"],
    ["${PATHS#?}", "/b/c"],
    ["${PATHS#?b}", "a/b/c"],
    ["${APP#[a-g]}", "arden"],
    ["${APP#[^a-f]}", "arden"],
    ["${APP##*[a-e]}", "n"],
    ["${APP#\\g}", "arden"],
    ["${APP#*}", "arden"],
    ["${APP##*}", ""],
  ])("takes off by shell patterns: %s makes %s", (text, result) => {
    expect(substituted(text).text).toBe(result);
  });

  it("is done with a pattern that fits in more ways than can be tried", () => {
    const long = (name: string) => (name === "LONG" ? "a".repeat(2_000) : undefined);
    expect(envsubst(`\${LONG##${"*a".repeat(40)}b}`, long).text).toHaveLength(2_000);
  });

  it("ends where it makes more than a machine can hold", () => {
    const long = () => "a".repeat(2 ** 20);
    expect(() => envsubst("${LONG}".repeat(100_000), long)).toThrow("it makes more than 16 MiB");
  });

  it.each(["$APP", "cost $5", "a $ b", "$(date)"])("leaves %s, which has no brace, as it is", (text) => {
    expect(substituted(text).text).toBe(text);
  });

  it("takes two dollar signs for one, also where no brace follows", () => {
    expect(substituted("$${APP} pid $$").text).toBe("${APP} pid $");
  });

  it.each([
    ["${@}", "unable to parse variable name"],
    ["${APP-other}", "missing closing brace"],
    ["${list[0]}", "missing closing brace"],
    ["${APP", "missing closing brace"],
    ["${APP:-other", "unable to parse substitution within function"],
  ])("refuses %s with Flux's words", (text, words) => {
    expect(() => substituted(text)).toThrow(words);
  });
});

describe("what is blanked", () => {
  it("is each variable without a value and a default, once", () => {
    expect(substituted("${NO} ${NO} ${OTHER##*/} ${APP}").blanked).toEqual(["NO", "OTHER"]);
  });

  it("is none that has a default, is empty on purpose, or is not reached", () => {
    expect(substituted("${NO:-} ${EMPTY} ${APP:-${NO}} $${NO}").blanked).toEqual([]);
  });
});
