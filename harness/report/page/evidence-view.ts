import { formatBytes } from "../duration.ts";
import { longText } from "./excerpt-view.ts";
import { type Html, html } from "./html.ts";
import type { Evidence } from "./run-page-data.ts";
import { count } from "./words.ts";

/** What a person opens first. */
const first = ["events.txt", "pod.yaml", "helmrelease.yaml", "kustomization.yaml", "incomplete.txt"];

/** The warnings of the cluster as they are, and links to all that was stored beside the page. */
export function evidenceView({ label, files, warnings }: Evidence, base: string): Html {
  const link = ({ name, bytes }: Evidence["files"][number]) =>
    html`<a href=${`${base}evidence/${label}/${encodeURIComponent(name)}`}>${name}</a> <span class="note">${formatBytes(bytes)}</span>`;
  const quick = first.flatMap((name) => files.filter((file) => file.name === name));
  const others = files.filter(({ name }) => !first.includes(name));
  return html`<div class="evidence">
    ${
      warnings.length > 0 &&
      html`<details>
        <summary>Warnings of the cluster <span class="note">${count(warnings.length, "event")}, the last ones last</span></summary>
        ${longText(warnings.join("\n"), "warnings of the cluster")}
      </details>`
    }
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
