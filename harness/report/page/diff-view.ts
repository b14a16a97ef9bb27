import { type Html, html } from "./html.ts";

const kinds: Record<string, string> = { "+": "more", "-": "less", "@": "place" };

/** Lines of a unified diff: their first character says what each is, their colour says it again. */
export function diffView(lines: readonly string[], label: string): Html {
  return html`<pre class="diff" tabindex="0" aria-label=${label}><code>${lines.map(
    (line) => html`<span class=${`line ${kinds[line.charAt(0)] ?? "same"}`}>${line}</span>${"\n"}`,
  )}</code></pre>`;
}
