import type { Mutant } from "../harness/index.ts";

export const mutants: Mutant[] = [];
