import { lexer, walkTokens } from "marked";

/** A block of commands in a document for people: a fence that says `sh`. */
export interface CommandBlock {
  /** The heading above it. */
  heading: string;
  /** Where it starts in the document, from 1; of a block inside a list or a quotation, where that starts. */
  line: number;
  command: string;
}

/** Every block of commands of a Markdown document, in order. */
export function commandBlocks(markdown: string): CommandBlock[] {
  const blocks: CommandBlock[] = [];
  let [heading, line] = ["", 1];
  for (const token of lexer(markdown)) {
    if (token.type === "heading") heading = token.text;
    walkTokens([token], (inner) => {
      if (inner.type === "code" && inner.lang === "sh") blocks.push({ heading, line, command: inner.text });
    });
    line += token.raw.split("\n").length - 1;
  }
  return blocks;
}
