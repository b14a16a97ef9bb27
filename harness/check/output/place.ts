import { relative } from "node:path";
import type { RenderedHome } from "../../home/index.ts";
import type { Finding } from "../finding.ts";

/** File of a finding as seen from a directory, with slashes. */
export function fileFrom(
  home: RenderedHome,
  { file, isReplaced }: Pick<Finding, "file" | "isReplaced">,
  directory: string,
): string | undefined {
  if (file === undefined) return undefined;
  const onDisk = (isReplaced ? home.replaced.get(file)?.onDisk : undefined) ?? home.fileOf(file);
  return relative(directory, onDisk).replaceAll("\\", "/");
}
