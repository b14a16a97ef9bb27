import { expect, it } from "vitest";
import { parse } from "yaml";
import { manifestYaml, parseApplied } from "./go-yaml.ts";

it.each([
  [".", "."],
  ["./", "./"],
  [".e1", ".e1"],
  [".5", 0.5],
  ["5.", 5],
  ["1.5e3", 1500],
  ["0755", 493],
  ["2026-01-01", "2026-01-01"],
])("reads %s as Go does", (text, value) => {
  expect(parse(`path: ${text}`, manifestYaml)).toEqual({ path: value });
  expect(parseApplied(`path: ${text}`)).toEqual({ path: value });
});
