import { expect, it } from "vitest";
import { judgeEnded } from "./ended.ts";

const ended = { command: "npm run down", exitCode: 0, said: "", hung: false };
const found = (change: Partial<typeof ended> | { exitCode: undefined }, codes = [0, 3, 130]) =>
  judgeEnded({ ...ended, ...change }, codes).map(({ what }) => what);

it("is content with the codes that may be, and with an end that nobody could see", () => {
  expect([...found({}), ...found({ exitCode: 130 }), ...found({ exitCode: undefined })]).toEqual([]);
});

it.each([
  [{ hung: true }, "npm run down did not end"],
  [{ exitCode: 1 }, "npm run down ended with exit code 1, and not with 0 or 3 or 130"],
  [{ said: "Error: boom\n\nNode.js v24.1.0\n" }, "npm run down ended with an error that nobody caught"],
  [{ exitCode: 3, said: "error: no space\n" }, "npm run down does not say what to do"],
])("finds %j", (change, what) => {
  expect(found(change)).toEqual([what]);
});

it.each(["error: no space\nFree some.\n", "Failed\n  no space\n  What to do: Free some.\n"])(
  "is content with a remedy: %j",
  (said) => {
    expect(found({ exitCode: 3, said })).toEqual([]);
  },
);
