import { type Html, html } from "./html.ts";
import type { HomeParts } from "./run-page-data.ts";

/** Parts of the home cluster that took no part in the run, and what a run of this tree cannot notice. */
export function homeView({ leftOut, kept, blind }: HomeParts): Html {
  const lists: [string, string[]][] = [
    ["Not noticed, since no outside.yaml says what no Git holds", blind],
    ["Kustomizations that no workspace needs: there, but suspended", leftOut],
    ["Files of the tree in whose place the home has its own", kept],
  ];
  const there = lists.filter(([, items]) => items.length > 0);
  if (there.length === 0) return html`<p>All of it takes part.</p>`;
  return html`<div>
    ${there.map(
      ([title, items]) => html`<div>
        <h3>${title}</h3>
        <ul>${items.map((item) => html`<li>${item}</li>`)}</ul>
      </div>`,
    )}
  </div>`;
}
