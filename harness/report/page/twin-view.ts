import type { Twin, TwinDifference } from "../../check/index.ts";
import { diffView } from "./diff-view.ts";
import { type Html, html } from "./html.ts";
import { count } from "./words.ts";

/** So few are read at once. */
const fewLines = 24;
/** More is no mistake: the two are not meant to be alike. */
const mostLines = 400;

/** What a workspace is that its twin is not: of two that are made alike a mistake is in what differs. */
export function twinView({ workspace: { name }, twin, differences }: Twin): Html {
  if (differences.length === 0)
    return html`<p class="note twin">${name} is made as its twin ${twin} is: but for their names nothing differs.</p>`;
  const amount = differences.reduce((sum, { lines }) => sum + lines.length, 0);
  const shown = within(differences, mostLines);
  const left = differences.length - shown.length;
  return html`<details class="twin" open=${amount <= fewLines}>
    <summary>How ${name} differs from its twin ${twin} <span class="note">${count(differences.length, "object")}</span></summary>
    <p class="note">As Flux and Helm make them, ${twin}'s names replaced by ${name}'s: − is what ${twin} has, + what ${name} has.</p>
    ${shown.map((one) => differenceView(one, name, twin))}
    ${left > 0 && html`<p class="note">${count(left, "more object")} differ; twins.json has all.</p>`}
  </details>`;
}

function differenceView({ kind, name, file, of, lines }: TwinDifference, own: string, twin: string): Html {
  const whose = { both: "", workspace: `, which only ${own} has`, twin: `, which only ${twin} has` }[of];
  return html`<div class="difference">
    <h4>${kind} ${name}${whose} ${file !== undefined && html`<code class="note">${file}</code>`}</h4>
    ${diffView(lines, `${kind} ${name}`)}
  </div>`;
}

/** The first of them, whole, as far as there is room; one at least. */
function within(differences: readonly TwinDifference[], room: number): TwinDifference[] {
  let left = room;
  const all = differences.map((one, index) => {
    left -= one.lines.length;
    return { one, fits: index === 0 || left >= 0 };
  });
  return all.flatMap(({ one, fits }) => (fits ? { ...one, lines: one.lines.slice(0, room) } : []));
}
