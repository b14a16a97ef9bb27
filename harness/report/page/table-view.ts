import { type Child, type Html, html } from "./html.ts";

/** A table whose rows become cards where there is no room for columns; the first column names its row. */
export function tableView(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
): Html {
  return html`<table class="cards">
    <caption class="unseen">${caption}</caption>
    <thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>
      ${rows.map(
        ([first, ...cells]) => html`<tr>
          <th scope="row">${first}</th>
          ${cells.map((cell, index) => html`<td data-name=${head[index + 1]}>${cell}</td>`)}
        </tr>`,
      )}
    </tbody>
  </table>`;
}
