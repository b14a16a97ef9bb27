import { stripVTControlCharacters } from "node:util";

/** Columns side by side, as wide as their longest cell; the first row is the head. */
export function formatTable(rows: string[][]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  }
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
