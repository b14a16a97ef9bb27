import type { FileChange, TreeChange } from "../../check/index.ts";
import { diffView } from "./diff-view.ts";
import { type Html, html } from "./html.ts";
import { count } from "./words.ts";

/** More would make a page of nothing else; the rest is named. */
const mostLines = 600;

/**
 * What of the tree's files is otherwise than where it comes from, each folded: those of the workspaces that failed come first,
 * then those beside them.
 */
export function changeView({ base, files }: TreeChange, workspaces: readonly string[]): Html {
  const { ref, commit, isMergeBase } = base;
  const from = isMergeBase
    ? `${commit.slice(0, 12)}, where ${ref} and HEAD part`
    : `${ref} (${commit.slice(0, 12)})`;
  let room = mostLines;
  const shown = nearestFirst(files, workspaces).map((file) => {
    const fits = file.lines.length > 0 && file.lines.length <= room;
    if (fits) room -= file.lines.length;
    return { file, fits };
  });
  const named = shown.filter(({ fits }) => !fits).map(({ file }) => file);
  return html`<div>
    <p>${count(files.length, "file")} of the tree ${files.length === 1 ? "is" : "are"} not as in ${from}. What has come there since is not told.</p>
    ${shown.filter(({ fits }) => fits).map(({ file }) => fileView(file))}
    ${
      named.length > 0 &&
      html`<details>
        <summary>${count(named.length, "more file")}, without ${named.length === 1 ? "its" : "their"} lines</summary>
        <ul class="files">${named.map(({ path, what }) => html`<li>${path} <span class="note">${what}</span></li>`)}</ul>
      </details>`
    }
  </div>`;
}

function fileView({ path, what, lines }: FileChange): Html {
  return html`<details class="changed-file">
    <summary><code>${path}</code> <span class="note">${what}</span></summary>
    ${diffView(lines, path)}
  </details>`;
}

function nearestFirst(files: readonly FileChange[], workspaces: readonly string[]): FileChange[] {
  const isOwn = ({ path }: FileChange) => workspaces.some((name) => path.split("/").includes(name));
  const beside = new Set(files.filter(isOwn).map(({ path }) => path.split("/").slice(0, 3).join("/")));
  const rankOf = (file: FileChange) =>
    isOwn(file) ? 0 : [...beside].some((place) => file.path.startsWith(`${place}/`)) ? 1 : 2;
  return files.toSorted((one, other) => rankOf(one) - rankOf(other));
}
