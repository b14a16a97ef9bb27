import type { Mutant } from "../harness/index.ts";

const removed = "the app is removed from Git: its pods go, and the namespace and the volumes stay";

export const mutants: Mutant[] = [
  {
    name: "no-prune-guard-on-namespace",
    title: "Flux may prune the namespace",
    edit: (tree) =>
      tree.editObject({ kind: "Namespace", name: "opencode" }, ({ metadata }) => {
        delete (metadata as { labels?: object }).labels;
      }),
    caughtBy: {
      step: removed,
      message: /the namespace opencode is deleted when the app is removed from Git/,
    },
  },
];
