import { type Html, html } from "./html.ts";
import type { EgressLine, FidelityLine } from "./run-page-data.ts";
import { tableView } from "./table-view.ts";
import { count } from "./words.ts";
import { workloadName } from "./workload-name.ts";

/** What a green run does not prove: each part that is not as in production. */
export function fidelityView(lines: readonly FidelityLine[]): Html {
  // Each image is a line of its own, and where none can be pulled that is all of them, for one and the same reason.
  const images = lines.filter(({ part }) => part.startsWith("image "));
  const others = lines.filter((line) => !images.includes(line));
  return html`<div>
    <p>A green run proves nothing about what stands in the last column.</p>
    ${fidelityTable("Differences from production", others)}
    ${
      images.length > 0 &&
      html`<details class="images">
        <summary>${count(images.length, "image")} made otherwise than the published ones</summary>
        ${fidelityTable("Images", images)}
      </details>`
    }
  </div>`;
}

function fidelityTable(caption: string, lines: readonly FidelityLine[]): Html {
  return tableView(
    caption,
    ["part", "in production", "in this run", "because", "could hide"],
    lines.map(({ part, production, here, why, hides }) => [
      part,
      production,
      here,
      why,
      html`<strong>${hides}</strong>`,
    ]),
  );
}

/** "7 names, 1 unanswered, 2 addresses refused": each once, whoever and however many asked for it. */
export function egressWords(lines: readonly EgressLine[]): string {
  const { names, open, addresses } = egressCounts(lines);
  const refused = addresses === 0 ? "" : `, ${count(addresses, "address", "addresses")} refused`;
  return `${count(names, "name")}, ${open} unanswered${refused}`;
}

/** How many of each, as the tables have them. */
export function egressCounts(lines: readonly EgressLine[]): {
  names: number;
  open: number;
  addresses: number;
} {
  const byName = (isAddress: boolean) => [
    ...Map.groupBy(
      lines.filter((line) => (line.isAddress ?? false) === isAddress),
      ({ name }) => name,
    ).values(),
  ];
  const names = byName(false);
  return {
    names: names.length,
    open: names.filter((asked) => !isAnswered(asked)).length,
    addresses: byName(true).length,
  };
}

/** Who asked for names outside of the cluster, and who for addresses; what nobody answers for comes first. */
export function egressView(lines: readonly EgressLine[]): Html {
  const addresses = lines.filter(({ isAddress }) => isAddress);
  return html`<div>
    ${addresses.length > 0 && addressesView(addresses)}
    ${namesView(lines.filter(({ isAddress }) => !isAddress))}
  </div>`;
}

function addressesView(lines: readonly EgressLine[]): Html {
  const addresses = [...Map.groupBy(lines, ({ name }) => name)];
  const word =
    addresses.length === 1
      ? "The node has refused an address outside; in production it may be reached."
      : `The nodes have refused ${addresses.length} addresses outside; in production they may be reached.`;
  return html`<div>
    <p>${word} Of who asks for one address at most 20 attempts are counted on a node.</p>
    ${tableView(
      "Addresses outside of the cluster",
      ["address", "asked by", "times"],
      addresses.map(([name, asked]) => [html`<code>${name}</code>`, askersView(asked), times(asked)]),
    )}
  </div>`;
}

function namesView(lines: readonly EgressLine[]): Html {
  if (lines.length === 0) return html`<p>Nobody asked for a name outside of the cluster.</p>`;
  const names = [...Map.groupBy(lines, ({ name }) => name)];
  const open = names.filter(([, asked]) => !isAnswered(asked));
  const answered = names.filter(([, asked]) => isAnswered(asked));
  const word =
    open.length === 0
      ? "A stand-in answers for each of them."
      : `Nobody answers for ${count(open.length, "name")} here; in production ${open.length === 1 ? "it" : "they"} would be asked for on the internet.`;
  return html`<div>
    <p>${word}</p>
    ${tableView(
      "Names outside of the cluster",
      ["name", "answered", "asked by", "times"],
      [...open, ...answered].map(([name, asked]) => [
        html`<code>${name}</code>`,
        isAnswered(asked) ? "by a stand-in" : html`<strong class="bad">by nobody</strong>`,
        askersView(asked),
        times(asked),
      ]),
    )}
  </div>`;
}

const isAnswered = (asked: readonly EgressLine[]) => asked.some((one) => one.isAnswered);

const times = (asked: readonly EgressLine[]) => String(asked.reduce((sum, one) => sum + one.count, 0));

const askersView = (asked: readonly EgressLine[]) =>
  html`<span>${askers(asked).map((who) => html`<span class="asker">${who}</span> `)}</span>`;

/** Each pod has asked in its turn: workloads are what a reader knows. */
function askers(asked: readonly EgressLine[]): string[] {
  return [...new Set(asked.map(({ who }) => workloadName(who)))].sort();
}
