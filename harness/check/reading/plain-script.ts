/** A script without its here-documents, and what they go to. */
export const withoutHereDocuments = (text: string): string =>
  text.replaceAll(/(?<!<)<<-?\s*["']?(\w+)["']?[^\n]*\n[\s\S]*?\n\s*\1(?=\n|$)/g, "");

/** What a shell itself reads of a script: without comments, here-documents and what stands in single quotes. */
export const plainScript = (text: string): string =>
  withoutHereDocuments(text)
    .replaceAll(/\\[\s\S]|(?<=^|\s)#[^\n]*|"(?:\\[\s\S]|[^"\\])*"|'[^']*'/g, (token) => {
      if (token.startsWith("#")) return "";
      if (token.startsWith("'")) return "''";
      // An apostrophe in double quotes is none, but in a command whose output stands there.
      return token.includes("$(") ? token.replaceAll(/'[^']*'/g, "''") : token;
    })
    .split("\n")
    .filter((line) => line.trim() !== "")
    .join("\n");
