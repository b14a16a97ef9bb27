import { relative } from "node:path";
import type { RenderedHome } from "../../home/index.ts";
import type { Finding } from "../finding.ts";

/** File of a finding as seen from a directory, with slashes. */
export function fileFrom(
  home: RenderedHome,
  { file }: Pick<Finding, "file">,
  directory: string,
): string | undefined {
  return file === undefined ? undefined : relative(directory, home.fileOf(file)).replaceAll("\\", "/");
}
