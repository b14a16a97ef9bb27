/** No person reads more at once, and patterns that look through it take the square of its length. */
const longestLine = 8_192;
const longestText = 2 ** 16;
/** What is longer is data, a key or an archive in base64, and says as much with its beginning. */
const longWords = /([\w+/=-]{512})[\w+/=-]+/g;

/**
 * A script or a document as it can be looked through with patterns: its long words cut, its lines where they were. Undefined
 * where it is too long: whoever has written it may have meant us to be at it for hours, in which nothing else happens.
 */
export function legible(text: string): string | undefined {
  const short = text.replaceAll(longWords, "$1");
  if (short.length > longestText) return undefined;
  return short.split("\n").every(({ length }) => length <= longestLine) ? short : undefined;
}
