import { formatBytes } from "../duration.ts";
import { longText } from "./excerpt-view.ts";
import { type Html, html } from "./html.ts";
import type { Evidence, Warning } from "./run-page-data.ts";
import { count } from "./words.ts";

/** What a person opens first. */
const first = ["events.txt", "pod.yaml", "helmrelease.yaml", "kustomization.yaml", "incomplete.txt"];

/** How the cluster was when it failed, as far as it tells a cause, and links to all that was stored beside the page. */
export function evidenceView(
  { folder, files, warnings: all, objects, pods, logs }: Evidence,
  base: string,
  since: number | undefined,
): Html {
  const warnings = sinceThen(all, since);
  const link = ({ name, bytes }: Evidence["files"][number]) =>
    html`<a href=${`${base}${folder}/${encodeURIComponent(name)}`}>${name}</a> <span class="note">${formatBytes(bytes)}</span>`;
  const quick = first.flatMap((name) => files.filter((file) => file.name === name));
  const others = files.filter(({ name }) => !first.includes(name));
  return html`<div class="evidence">
    ${objects.length + pods.length > 0 && unreadyView(objects, pods, since)}
    ${logs.length > 0 && folded("Their last lines", count(logs.length, "log"), logs.map(({ of, text }) => `${of}:\n${text}`).join("\n\n"))}
    ${warnings.length > 0 && folded("Warnings of the cluster", count(warnings.length, "event"), warnings.map(({ at, text }) => `${at.slice(11, 19)} ${text}`).join("\n"))}
    <p class="links"><span class="note">Evidence beside this page:</span> ${quick.map((file) => html`<span>${link(file)}</span> `)}</p>
    ${
      others.length > 0 &&
      html`<details>
        <summary>${count(others.length, "more file")}: logs, objects</summary>
        <ul class="files">${others.map((file) => html`<li>${link(file)}</li>`)}</ul>
      </details>`
    }
  </div>`;
}

/** Those of the failing step, if there are any: a cluster that starts warns of much that passes. */
function sinceThen(warnings: readonly Warning[], since: number | undefined): readonly Warning[] {
  const own = warnings.filter(({ at }) => since !== undefined && Date.parse(at) >= since);
  return own.length > 0 ? own : warnings;
}

/** These only pass on what the others say: they come last. */
const followers = ["Deployment", "HelmRelease", "Kustomization"];
const rankOf = (name: string) => followers.indexOf(name.split(" ", 1)[0] ?? "");

/** What went wrong only while the step ran comes before what had been so all the time, and that says so. */
function unreadyView(objects: Evidence["objects"], pods: Evidence["pods"], begin: number | undefined): Html {
  const wasSo = ({ since }: Evidence["objects"][number]) =>
    begin !== undefined && since !== undefined && Date.parse(since) < begin;
  const ofPods = pods.map(({ namespace, name, troubles }) => ({
    name: `Pod ${namespace}/${name}`,
    troubles,
    note: "",
  }));
  const ofObjects = objects
    .toSorted((a, b) => Number(wasSo(a)) - Number(wasSo(b)) || rankOf(a.name) - rankOf(b.name))
    .map((one) => ({ ...one, note: wasSo(one) ? "so since before the step" : "" }));
  return html`<div class="unready">
    <h4>What was not as it should be</h4>
    <ul>
      ${[...ofPods, ...ofObjects].map(({ name, troubles, note }) => html`<li><code>${name}</code> <div>${troubles.map((trouble) => html`<p>${trouble}</p>`)}${note !== "" && html`<p class="note">${note}</p>`}</div></li>`)}
    </ul>
  </div>`;
}

/** Short enough to be read at once, it is open. */
function folded(title: string, note: string, text: string): Html {
  return html`<details open=${text.split("\n").length <= 8}>
    <summary>${title} <span class="note">${note}</span></summary>
    ${longText(text, title)}
  </details>`;
}
