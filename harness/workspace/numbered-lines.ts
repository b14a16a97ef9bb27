/** Length of a numbered line, its newline included. */
const lineLength = 64;

/** Line `number` of a stream (from 1): always the same bytes, so that every one of them can be accounted for. */
export function numberedLine(number: number): string {
  const head = String(number).padStart(8, "0");
  return `${head} ${"abcdefghijklmnopqrstuvwxyz0123456789".repeat(2)}`.slice(0, lineLength - 1).concat("\n");
}

/** What became of the numbers 1 to `sent`. */
export interface Account {
  sent: number;
  /** Those that came, in the order in which they came. */
  received: number[];
  /** In words: which are lost, came twice, or came out of order; undefined when every one came once and in order. */
  trouble: string | undefined;
}

/** @param uncertain those of which nobody knows whether they were sent: they may come, once */
export function accountFor(
  sent: number,
  received: number[],
  uncertain: ReadonlySet<number> = new Set(),
): Account {
  const came = new Set([...received, ...uncertain]);
  const lost = Array.from({ length: sent }, (_, index) => index + 1).filter((number) => !came.has(number));
  const twice = received.filter((number, index) => received.indexOf(number) !== index);
  const late = received.filter((number, index) => number < (received[index - 1] ?? 0));
  const trouble = [
    lost.length > 0 ? `lost: ${ranges(lost)} (${lost.length} of ${sent})` : "",
    twice.length > 0 ? `came twice: ${ranges(twice)}` : "",
    late.length > 0 ? `out of order: ${ranges(late)}` : "",
  ].filter((part) => part !== "");
  return { sent, received, trouble: trouble.length > 0 ? trouble.join("; ") : undefined };
}

/** The account of numbered lines, read from the bytes that came; half a line is a lost one. */
export function accountForLines(sent: number, bytes: Buffer): Account {
  const lines = bytes.toString("latin1").split("\n").slice(0, -1);
  const whole = lines.filter((line) => `${line}\n` === numberedLine(Number(line.slice(0, 8))));
  const account = accountFor(
    sent,
    whole.map((line) => Number(line.slice(0, 8))),
  );
  const expected = Buffer.from(Array.from({ length: sent }, (_, index) => numberedLine(index + 1)).join(""));
  if (account.trouble !== undefined || bytes.equals(expected)) return account;
  return { ...account, trouble: `${bytes.length} bytes came, not the ${expected.length} that were sent` };
}

/** 3, 4, 5, 9 as `3–5, 9`. */
function ranges(numbers: number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run && number === run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
}
