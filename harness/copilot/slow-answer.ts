import type { CopilotControl } from "../internet/index.ts";
import { type Account, accountFor } from "../workspace/index.ts";

/** How Copilot is told to answer a prompt: numbered words, one every so many milliseconds. */
export interface SlowAnswer {
  /** Of the session in which it is asked. */
  title: string;
  prompt: string;
  words: number;
  everyMs: number;
}

/** A prompt whose answer takes about so long. */
export function answerOver(ms: number): SlowAnswer {
  const everyMs = 250;
  const words = Math.ceil(ms / everyMs);
  return { title: `An answer of ${words} words`, prompt: `Count to ${words}, slowly.`, words, everyMs };
}

/** Copilot answers this prompt so, whoever asks, until the plan is disposed of. */
export function planned(
  { copilot }: { copilot: CopilotControl },
  { prompt, words, everyMs }: SlowAnswer,
): Promise<AsyncDisposable> {
  return copilot.plan({ prompt, answers: [{ kind: "words", count: words, everyMs }] });
}

/** The account of the words in a text that somebody saw. */
export function accountForWords({ words }: SlowAnswer, text: string): Account {
  return accountFor(
    words,
    [...text.matchAll(/\bword(\d+)\b/g)].map(([, number]) => Number(number)),
  );
}
