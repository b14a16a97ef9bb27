import { formatDuration } from "../duration.ts";
import { type Child, type Html, html } from "./html.ts";
import type { RunPageData } from "./run-page-data.ts";

/** What was run, on which tree, and what else there is of it. */
export function aboutView({ result, files }: RunPageData): Html {
  const { runId, command, options, tree, kept, directory, exitCode, ms } = result;
  const rows: [string, Child][] = [
    ["Run", html`<code>${runId}</code>`],
    ["Command", html`<code>npm run ${command}</code>, exit code ${exitCode} after ${formatDuration(ms)}`],
    ["Tree under test", html`<code>${options.manifests}</code>`],
    ...(options.mutant === undefined ? [] : [["Edited by mutant", options.mutant] satisfies [string, Child]]),
    ...(tree ? [["Applied by Flux", treeText(tree)] satisfies [string, Child]] : []),
    ["Images", options.images],
    ["Secret store", options.store],
    ["Results", html`<code>${directory}</code>`],
    ...(kept === undefined
      ? []
      : [["The cluster was kept", html`<code>${kept}</code>`] satisfies [string, Child]]),
    ["Files beside this page", files.map((file) => html`<a href=${file}>${file}</a> `)],
  ];
  return html`<dl class="about">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function treeText({ published, applied }: { published: string; applied: string }): Html {
  return published === applied
    ? html`<span><code>${applied}</code>, the working tree as it was published</span>`
    : html`<span><code>${applied}</code>, <strong class="bad">but ${published} was published</strong></span>`;
}
