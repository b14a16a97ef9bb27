/** A token whose shape is known, and where it stands in the text. */
export interface KnownToken {
  message: string;
  /** Counted from 1. */
  line: number;
  range: readonly [from: number, to: number];
}

/** Shapes that secretlint's own rules do not have. */
const shapes: readonly [what: string, pattern: RegExp][] = [
  // What Home Assistant and many others give, and what begins like one behind `Bearer`.
  [
    "a JSON Web Token",
    /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}|\bBearer +eyJ[\w-]{10,}\.[\w-][\w.-]{10,}/g,
  ],
  [
    "a token of Doppler",
    /(?<![\w.-])dp\.(?:st(?:\.[a-z0-9][\w-]{0,40})?|pt|ct|sa|said|scim|audit)\.[A-Za-z0-9]{40,44}(?![A-Za-z0-9])/g,
  ],
  ["a private key of age", /(?<![\w-])AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}(?!\w)/g],
];

/** What stands in examples: `dp.st.prd.xxxx…`. */
export const isExample = (token: string) => new Set(token.slice(-40)).size < 8;

/** Tokens of these shapes. */
export const shapedTokens = (text: string): KnownToken[] =>
  shapes.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)]
      .filter(([token]) => !isExample(token))
      .map(
        ({ 0: { length }, index }): KnownToken => ({
          message: `found ${what}`,
          line: text.slice(0, index).split("\n").length,
          range: [index, index + length],
        }),
      ),
  );
