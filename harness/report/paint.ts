import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Colours a text, or leaves it as it is where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

/** What is known of the place that the text goes to. */
export interface Surface {
  isTTY: boolean;
  env: NodeJS.ProcessEnv;
}

/** Colours only on a terminal, and never against NO_COLOR. */
export function paintFor({ isTTY, env }: Surface): Paint {
  const wanted = isTTY && !env.NO_COLOR && env.TERM !== "dumb";
  return wanted ? (style, text) => styleText(style, text, { validateStream: false }) : plain;
}
