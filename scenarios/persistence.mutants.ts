import type { Mutant } from "../harness/index.ts";

const release = "kubernetes/apps/opencode/opencode-flux/app/helmrelease.yaml";

export const mutants: Mutant[] = [];
