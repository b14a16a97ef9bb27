import { createRequire } from "node:module";

declare const piece: unique symbol;

/** A piece of the page. */
export interface Html {
  [piece]: true;
}

/** What may stand in a `${…}` between tags: texts are escaped, nothing is shown for what is not there. */
export type Child = Html | string | number | boolean | undefined | readonly Child[];

type Template = (strings: TemplateStringsArray, ...values: Child[]) => Html;

// Not imported: Preact's types bring the whole DOM with them, whose CryptoKey is not Node's.
const load = createRequire(import.meta.url);
const preact = load("htm/preact") as { html: Template };
const { renderToString } = load("preact-render-to-string") as { renderToString: (page: Html) => string };

/**
 * Markup as a template: every element is closed, `<br />` too; an attribute that is false or undefined is left out. All
 * that is put into it is escaped.
 */
export const html = preact.html;

/** As a text. */
export const render = (page: Html): string => renderToString(page);
