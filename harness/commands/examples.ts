/** Two of each command, as they are typed: what is asked for most, and what one would not find by oneself. */
export const examples: Record<string, [string, string]> = {
  scenario: [
    "npm run scenario -- persistence --keep    # look at the cluster afterwards if it fails",
    "npm run scenario -- all --manifests ../home-cluster",
  ],
  check: [
    "npm run check    # manifests/, in seconds",
    "npm run check -- --manifests ../home-cluster --base main    # and what the change does to each object",
  ],
  mutants: [
    "npm run mutants -- drain    # is each planted mistake in the drained node's way noticed?",
    "npm run mutants -- --mutant no-fs-group --mutant key-not-in-doppler --clusters 1",
  ],
  compare: [
    "npm run compare -- --base main persistence    # what the change does to it",
    "npm run compare -- --base HEAD~1 --runs 3 --markdown compare.md",
  ],
  up: [
    "npm run up    # both workspaces of manifests/, to use by hand",
    "npm run up -- --manifests ../home-cluster",
  ],
  open: ["npm run open    # every workspace of the cluster that npm run up has left", "npm run open -- flux"],
  report: [
    "npm run report    # the last run",
    "npm run report -- persistence --no-open    # where the page of its last run is",
  ],
  down: ["npm run down    # after npm run up, or a run with --keep", "npm run down && npm run doctor"],
  doctor: ["npm run doctor", "npm run --silent doctor -- --json | jq '.checks[] | select(.state != \"ok\")'"],
  images: ["npm run images", "npm run images -- --images packages    # as where no registry answers"],
  bench: ["npm run bench -- persistence", "npm run bench -- world --runs 5 --json bench.json"],
  chaos: [
    "npm run chaos -- --rounds 20    # twenty rounds; the seed is printed",
    "npm run chaos -- --seed 5f3a90c1 --only full-disk engine    # again as it was printed",
  ],
  completion: [
    "source <(npm run --silent completion -- bash)    # from now on: harness scenario <Tab>",
    "npm run --silent completion -- fish > ~/.config/fish/conf.d/harness.fish",
  ],
};

/** What stands below a command's options in its help. */
export function examplesOf(command: string): string {
  const lines = examples[command] ?? [];
  return lines.length === 0 ? "" : `\nExamples:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
