import type { Mutant } from "../harness/index.ts";
import { editRelease } from "./edits.ts";

export const mutants: Mutant[] = [
  {
    name: "no-memory-limit",
    title: "OpenCode's container has no memory limit",
    overRunning: true,
    edit: (tree) =>
      editRelease(tree, "opencode-flux", ({ values }) => {
        delete values.controllers["opencode-flux"]?.containers.app?.resources?.limits?.memory;
      }),
    caughtBy: {
      step: "its memory is eaten, and the kernel ends that in its own container",
      message: /container app of opencode-flux has no memory limit/,
    },
  },
];
