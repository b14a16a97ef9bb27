import type { Twin } from "../../check/index.ts";
import { type NamedWorkspace, workspaceIn } from "../../diagnosis/index.ts";
import { formatDuration } from "../duration.ts";
import type { Failure } from "../result.ts";
import { evidenceView } from "./evidence-view.ts";
import { excerptView, longText } from "./excerpt-view.ts";
import { type Html, html } from "./html.ts";
import { pictureView } from "./pictures-view.ts";
import type { Evidence, Picture } from "./run-page-data.ts";
import { twinView } from "./twin-view.ts";
import { count, firstLine } from "./words.ts";

/** A failure, where it came up, and what there is to look at. */
export interface ShownFailure {
  id: string;
  /** Scenario, mutant or lane. */
  who: string;
  /** Title of the step; missing for what failed outside of all. */
  step?: string | undefined;
  failure: Failure;
  evidence?: Evidence | undefined;
  /** When the step began: milliseconds since 1970. */
  since?: number | undefined;
  /** When it failed: milliseconds since the beginning of the run. */
  failedAtMs?: number | undefined;
  /** Those of the tree, as far as they are known. */
  workspaces?: readonly NamedWorkspace[];
  /** How the workspace that failed differs from another. */
  twin?: Twin | undefined;
  /** From the page to `evidence/`, with a slash at its end; where the page stands beside it, nothing. */
  base?: string;
  pictures?: Picture[];
}

/** The paragraph of the terminal, laid out: expected and seen, what to do, where, and what it goes by. */
export function failureView(shown: ShownFailure): Html {
  const { id, who, step, failure, evidence, since, failedAtMs, base = "", pictures = [] } = shown;
  const { workspaces = [], twin } = shown;
  const { message, remedy, at, details } = failure;
  const rest = message.slice(firstLine(message).length).trim();
  return html`<article class="failure" id=${id} aria-labelledby=${`${id}-title`}>
    <h3 id=${`${id}-title`}><span class="who">${who}</span> ${step ?? "outside of every step"}</h3>
    <p class="message">${firstLine(message)}</p>
    ${rest !== "" && longText(rest, "the rest of the message")}
    <dl>
      ${remedy !== undefined && html`<div class="remedy"><dt>What to do</dt><dd>${remedy}</dd></div>`}
      ${whereView(failure)}
      ${at !== undefined && html`<div><dt>Found at</dt><dd><code>${at}</code></dd></div>`}
    </dl>
    ${pictures.map(pictureView)}
    ${
      details !== undefined &&
      html`<details open=${details.split("\n").length <= 12}>
        <summary>What was seen <span class="note">${count(details.split("\n").length, "line")}${failedAtMs !== undefined && `, before the step failed at ${formatDuration(failedAtMs)}`}</span></summary>
        ${longText(details, "what was seen")}
      </details>`
    }
    ${twin && twinView(twin)}
    ${
      evidence &&
      evidenceView(evidence, base, {
        since,
        workspace: failedWorkspace(failure, workspaces),
        workspaceOf: (text) => workspaceIn(text, workspaces),
      })
    }
  </article>`;
}

/** The workspace that a failure is about: by what it says, where it leads to, and what was seen. */
export function failedWorkspace(
  { message, where = [], details = "" }: Failure,
  workspaces: readonly NamedWorkspace[],
): string | undefined {
  const told = [message, ...where, details].map((text) => workspaceIn(text, workspaces));
  return told.find((name) => name !== undefined);
}

/** Each place in words, and below it its lines. */
function whereView({ where = [], excerpts = [] }: Failure): Html | false {
  if (where.length === 0) return false;
  return html`<div>
    <dt>Where to look</dt>
    <dd>
      <ul class="places">
        ${where.map((told) => {
          const [file = "", ...rest] = told.split(" ");
          const excerpt = excerpts.find((one) => one.where === told);
          const what = rest.join(" ").replace(/^\((.*)\)$/s, "$1");
          return html`<li>
            ${file.includes(":") || file.includes("/") ? html`<code class="file">${file}</code> <span class="note">${what}</span>` : told}
            ${excerpt && excerptView(excerpt)}
          </li>`;
        })}
      </ul>
    </dd>
  </div>`;
}
