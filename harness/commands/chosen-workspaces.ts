import { HarnessError } from "../base/index.ts";

/** The workspaces of these names, all if none is named; `flux` is enough for opencode-flux. */
export function chosen<T extends { name: string }>(workspaces: readonly T[], names: readonly string[]): T[] {
  if (names.length === 0) return [...workspaces];
  return names.map((name) => {
    const found = workspaces.find((one) => one.name === name || one.name === `opencode-${name}`);
    if (found) return found;
    throw new HarnessError(
      `there is no workspace ${name}; there are ${workspaces.map((one) => one.name).join(", ")}`,
      { code: "usage" },
    );
  });
}
