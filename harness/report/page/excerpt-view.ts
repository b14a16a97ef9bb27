import type { Failure } from "../result.ts";
import { type Html, html } from "./html.ts";

type Excerpt = NonNullable<Failure["excerpts"]>[number];

/** Lines of a manifest with their numbers, the one that is meant marked. */
export function excerptView({ file, line, firstLine, lines }: Excerpt): Html {
  return html`<pre class="excerpt" tabindex="0" aria-label=${`${file} around line ${line}`}><code>${lines.map(
    (text, index) => {
      const number = firstLine + index;
      const shown = html`<span class="text">${text === "" ? " " : text}</span>`;
      return html`<span class="line" data-number=${number}>${number === line ? html`<mark>${shown}</mark>` : shown}</span>${"\n"}`;
    },
  )}</code></pre>`;
}

/** A long text in its own words: it scrolls, and keys reach it. */
export function longText(text: string, label: string): Html {
  return html`<pre class="long" tabindex="0" aria-label=${label}>${text}</pre>`;
}
