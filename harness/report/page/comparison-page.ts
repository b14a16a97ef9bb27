import { join } from "node:path";
import { type Comparison, comparisonSchema, type Difference } from "../compare/comparison.ts";
import {
  changeWords,
  comparisonSentence,
  groupNames,
  noiseWords,
  objectWords,
  valueWords,
} from "../compare/words.ts";
import { formatDuration } from "../duration.ts";
import { redactIn } from "../redact-in.ts";
import { type Html, html } from "./html.ts";
import { icon } from "./icons.ts";
import { readJson } from "./read-json.ts";
import { renderPage, type Section } from "./shell.ts";
import { tableView } from "./table-view.ts";

/** What `compare` has left in the directory; undefined where it has left nothing. */
export async function readComparison(directory: string): Promise<Comparison | undefined> {
  return redactIn(await readJson(join(directory, "compare.json"), comparisonSchema));
}

/** The page of a comparison: what differs, what does not, and from which runs that is known. */
export function renderComparisonPage(comparison: Comparison): Promise<string> {
  const { base, head, statuses, differences, records, runId } = comparison;
  const beyond = differences.filter(({ isBeyondNoise }) => isBeyondNoise);
  const within = differences.filter(({ isBeyondNoise }) => !isBeyondNoise);
  const sections: (Section | undefined)[] = [
    section("verdicts", "Verdicts", statuses.length, () => statusView(statuses)),
    section("beyond", "Beyond noise", beyond.length, () => differenceView("Beyond noise", beyond)),
    section("records", "Records in DNS", records.added.length + records.removed.length, () =>
      recordView(records),
    ),
    section("objects", "Objects", comparison.objects.length, () => objectView(comparison.objects)),
    section("within", "Within noise", within.length, () => differenceView("Within noise", within)),
    { id: "runs", title: "Runs", count: base.runs.length + head.runs.length, body: runsView(comparison) },
  ];
  return renderPage({
    title: `${base.name} → ${head.name}: ${runId}`,
    head: headOf(comparison),
    sections: sections.filter((one) => one !== undefined),
    foot: html`<p>opencode-harness, comparison <code>${runId}</code>. This page asks nothing of the network.</p>`,
  });
}

function section(id: string, title: string, count: number, body: () => Html): Section | undefined {
  return count === 0 ? undefined : { id, title, count, body: body() };
}

function headOf(comparison: Comparison): Html {
  const { base, head, ms, startedAt, statuses, differences } = comparison;
  const isCalm =
    statuses.length === 0 &&
    base.stopped === undefined &&
    head.stopped === undefined &&
    !differences.some(({ isBeyondNoise }) => isBeyondNoise);
  return html`<div class="verdict ${isCalm ? "passed" : "error"}">
    <p class="kind">opencode-harness <span>comparison</span></p>
    <h1>
      <span class="status">${icon(isCalm ? "passed" : "warning")} ${base.name} → ${head.name}</span>
      <span class="sentence">${comparisonSentence(comparison)}</span>
    </h1>
    <dl class="facts">
      <div><dt>Took</dt><dd>${formatDuration(ms)}</dd></div>
      <div><dt>Runs</dt><dd>${base.runs.length} of the base, ${head.runs.length} of the head</dd></div>
      <div><dt>Started</dt><dd><time datetime=${startedAt}>${startedAt.slice(0, 16).replace("T", " ")} UTC</time></dd></div>
    </dl>
  </div>`;
}

function statusView(statuses: Comparison["statuses"]): Html {
  return tableView(
    "Verdicts that differ",
    ["verdict", "base", "head"],
    statuses.map(({ what, base, head }) => [what, base, head]),
  );
}

function differenceView(caption: string, differences: readonly Difference[]): Html {
  const groups = Object.entries(groupNames).map(([group, title]) => ({
    title,
    own: differences.filter((one) => one.group === group),
  }));
  return html`<div>
    ${groups
      .filter(({ own }) => own.length > 0)
      .map(
        ({ title, own }) => html`<div>
          <h3>${title}</h3>
          ${tableView(`${caption}: ${title}`, ["what", "base", "head", "change", "noise"], own.map(rowOf))}
        </div>`,
      )}
  </div>`;
}

function rowOf(difference: Difference): string[] {
  const { what, kind, base, head, noise } = difference;
  const isOnBoth = base !== undefined && head !== undefined;
  return [
    what,
    valueWords(kind, base),
    valueWords(kind, head),
    isOnBoth || kind === "count" ? changeWords(difference) : "",
    `± ${valueWords(kind, noise)}`,
  ];
}

function recordView({ added, removed }: Comparison["records"]): Html {
  return tableView(
    "Records that differ",
    ["record", "what"],
    [...added.map((record) => [record, "added"]), ...removed.map((record) => [record, "gone"])],
  );
}

function objectView(objects: Comparison["objects"]): Html {
  return tableView(
    "Objects that are applied otherwise",
    ["object", "what"],
    objects.map((object) => [objectWords(object), object.what]),
  );
}

function runsView(comparison: Comparison): Html {
  const { base, head } = comparison;
  const rows = [base, head].flatMap((side) =>
    side.runs.map((run) => [
      html`<a href=${`../${run}/report.html`}>${run}</a>`,
      side.name,
      side.commit ?? "",
    ]),
  );
  return html`<div>
    ${tableView("Runs", ["run", "tree", "commit"], rows)}
    <p>${noiseWords(comparison)}</p>
  </div>`;
}
