import { formatBytes } from "../duration.ts";
import { longText } from "./excerpt-view.ts";
import { type Html, html } from "./html.ts";
import { type About, nearWarnings } from "./near-warnings.ts";
import type { Evidence, Warning } from "./run-page-data.ts";
import { count } from "./words.ts";

/** What a person opens first. */
const first = ["events.txt", "pod.yaml", "helmrelease.yaml", "kustomization.yaml", "incomplete.txt"];

/** How the cluster was when it failed, as far as it tells a cause, and links to all that was stored beside the page. */
export function evidenceView(evidence: Evidence, base: string, about: About): Html {
  const { folder, files, warnings, objects, pods, logs } = evidence;
  const link = ({ name, bytes }: Evidence["files"][number]) =>
    html`<a href=${`${base}${folder}/${encodeURIComponent(name)}`}>${name}</a> <span class="note">${formatBytes(bytes)}</span>`;
  const quick = first.flatMap((name) => files.filter((file) => file.name === name));
  const others = files.filter(({ name }) => !first.includes(name));
  return html`<div class="evidence">
    ${objects.length + pods.length > 0 && unreadyView(objects, pods, about.since)}
    ${logs.length > 0 && folded("Their last lines", count(logs.length, "log"), logs.map(({ of, text }) => `${of}:\n${text}`).join("\n\n"))}
    ${initLogsView(evidence, about)}
    ${warnings.length > 0 && warningsView(warnings, about)}
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

/** Of the workspace that failed: what they did is over, and mostly a line or two. */
function initLogsView({ initLogs, logs }: Evidence, { workspace, workspaceOf }: About): Html | false {
  const own = initLogs.filter(
    ({ pod, container }) =>
      workspace !== undefined &&
      workspaceOf(pod) === workspace &&
      logs.every(({ of }) => of !== `${pod}/${container}`),
  );
  if (own.length === 0) return false;
  const pods = new Set(own.map(({ pod }) => pod));
  const nameOf = ({ pod, container }: Evidence["initLogs"][number]) =>
    pods.size === 1 ? container : `${pod}/${container}`;
  const said = own.map((log) =>
    log.text
      .split("\n")
      .map((line) => `${nameOf(log)}: ${line}`)
      .join("\n"),
  );
  const whose = pods.size === 1 ? ` of ${[...pods].join()}` : "";
  return folded(`What the init containers${whose} said last`, count(own.length, "log"), said.join("\n"), 20);
}

/** Near ones are to be seen; of the others a person may want to know that they are there. */
function warningsView(warnings: readonly Warning[], about: About): Html {
  const { near, far } = nearWarnings(warnings, about);
  const textOf = (some: readonly Warning[]) =>
    some.map(({ at, text }) => `${at.slice(11, 19)} ${text}`).join("\n");
  const [title, rest] = [
    "Warnings of the cluster",
    "Other warnings of the cluster, from its start or of what did not fail",
  ];
  return html`<div>
    ${near.length > 0 && folded(title, count(near.length, "event"), textOf(near), 12)}
    ${far.length > 0 && folded(rest, near.length > 0 ? `${far.length} more` : count(far.length, "event"), textOf(far), 0)}
  </div>`;
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
function folded(title: string, note: string, text: string, mostOpen = 8): Html {
  return html`<details open=${text.split("\n").length <= mostOpen}>
    <summary>${title} <span class="note">${note}</span></summary>
    ${longText(text, title)}
  </details>`;
}
