import type { Home } from "../home/index.ts";
import type { RenderProblem } from "../rendering/index.ts";
import { formatTable } from "../report/index.ts";
import { workspaceTable } from "./workspace-table.ts";

/** Facts of a tree for machines; no value of a secret is among them. */
export function treeFacts({ isWhole, kept, workspaces, rendered, blind }: Home) {
  return { isWhole, kept, workspaces, problems: rendered.problems, blind };
}

/** The same for people: a table for each workspace, then what is wrong and what cannot be known. */
export function treeTable(home: Home): string {
  const parts = [
    ...home.workspaces.map(workspaceTable),
    section(
      "What Flux or Helm would not apply as it is meant",
      home.rendered.problems.map((one) => problemRow(home, one)),
    ),
    section(
      "The home keeps its own",
      home.kept.map((path) => [path]),
    ),
    section(
      "A run would not notice",
      home.blind.map((what) => [what]),
    ),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function section(title: string, rows: string[][]): string {
  return rows.length === 0
    ? ""
    : `${title}:\n${formatTable(rows.map(([first = "", ...rest]) => [`  ${first}`, ...rest]))}`;
}

function problemRow({ fileOf }: Home, { file, line, message, kustomization }: RenderProblem): string[] {
  const place =
    file === undefined
      ? (kustomization?.name ?? "")
      : `${fileOf(file)}${line === undefined ? "" : `:${line}`}`;
  return [place, message];
}
