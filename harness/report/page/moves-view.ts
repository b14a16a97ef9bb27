import { formatDuration } from "../duration.ts";
import type { Timeline, TimelineEntry } from "../timeline.ts";
import { type Html, html } from "./html.ts";

type Division = NonNullable<TimelineEntry["divisions"]>[number];

/** Every time that was divided, wherever in the run. */
export function divisionsOf({ entries }: Pick<Timeline, "entries">): Division[] {
  return entries.flatMap(({ divisions = [], children }) => [
    ...divisions,
    ...divisionsOf({ entries: children }),
  ]);
}

/** How each move's time divides: bars on one scale, and the figures below. */
export function movesView(divisions: readonly Division[]): Html {
  const names = [...new Set(divisions.flatMap(({ parts }) => parts.map(({ part }) => part)))];
  const longest = Math.max(1, ...divisions.map(wholeOf));
  return html`<div class="moves">
    <ul class="legend" aria-hidden="true">
      ${names.map((name, index) => html`<li><i class=${`part part-${index % 8}`}></i> ${name}</li>`)}
    </ul>
    <div class="bars" aria-hidden="true">
      ${divisions.map(
        (division) => html`<div class="move">
          <p>${division.title} <span class="time">${formatDuration(wholeOf(division))}</span></p>
          <div class="stack" style=${`width:${((100 * wholeOf(division)) / longest).toFixed(2)}%`}>
            ${division.parts
              .filter(({ ms }) => ms > 0)
              .map(
                ({
                  part,
                  ms,
                }) => html`<i class=${`part part-${names.indexOf(part) % 8}`} style=${`flex-grow:${ms}`} title=${`${part}: ${formatDuration(ms)}`}>
                  <span>${formatDuration(ms)}</span>
                </i>`,
              )}
          </div>
        </div>`,
      )}
    </div>
    <div class="wide" tabindex="0" role="region" aria-label="The same in figures">
      <table>
        <caption>The same in figures</caption>
        <thead><tr><th scope="col">move</th>${names.map((name) => html`<th scope="col">${name}</th>`)}<th scope="col">in all</th></tr></thead>
        <tbody>
          ${divisions.map(
            (division) => html`<tr>
              <th scope="row">${division.title}</th>
              ${names.map((name) => html`<td class="time">${cell(division, name)}</td>`)}
              <td class="time"><b>${formatDuration(wholeOf(division))}</b></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}

function cell({ parts }: Division, name: string): string {
  const ms = parts.find(({ part }) => part === name)?.ms;
  return ms === undefined ? "not recorded" : formatDuration(ms);
}

function wholeOf({ parts }: Division): number {
  return parts.reduce((sum, { ms }) => sum + ms, 0);
}
