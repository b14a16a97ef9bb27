import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OpenPage } from "../workspace/index.ts";
import { ShownAnswer } from "./shown-answer.ts";
import { answerOver } from "./slow-answer.ts";

const answer = answerOver(1_000);
const words = (...numbers: number[]) => numbers.map((number) => `word${number}`).join(" ");

/** A page that shows these texts, the next at each look, the last one for ever. */
function pageShowing(...texts: string[]): OpenPage {
  const text = async () => (texts.length > 1 ? (texts.shift() ?? "") : (texts[0] ?? ""));
  return { page: { on: () => {} }, text, expectAlive: () => {} } as unknown as OpenPage;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function settled(page: OpenPage) {
  const shown = new ShownAnswer("the answer in a browser of one", page, answer);
  await vi.advanceTimersByTimeAsync(80_000);
  const settling = shown.settle();
  await vi.advanceTimersByTimeAsync(100_000); // however busy the machine of the test is
  return settling;
}

it("is content with words that are shown one after the other", async () => {
  expect(await settled(pageShowing("", words(1), words(1, 2), words(1, 2, 3), words(1, 2, 3, 4)))).toEqual({
    account: "4 of 4 words are shown",
  });
});

it.each([
  ["a word that is missing", [words(1), words(1, 2), words(1, 2, 4)], "lost: 3 (1 of 4)"],
  ["a word that is shown twice", [words(1), words(1, 2), words(1, 2, 2, 3, 4)], "came twice: 2"],
  ["words in another order", [words(1), words(1, 3), words(1, 3, 2, 4)], "out of order: 2"],
  ["an answer that is shown when it is whole", ["", words(1, 2, 3, 4)], "they were shown all at once"],
  [
    "a stream that stands still",
    [words(1), ...Array(130).fill(words(1, 2)), words(1, 2, 3, 4)],
    "nothing new was shown for 65.00 s in between",
  ],
])("tells %s", async (_what, texts, trouble) => {
  expect((await settled(pageShowing(...texts))).trouble).toBe(trouble);
});
