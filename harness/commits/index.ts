export { breakBuild, changeClaims } from "./broken-commit.ts";
export { neverReady, untilGivenUp, untilRolledBack } from "./failing-upgrade.ts";
export { changeByHand } from "./hand-made.ts";
export { LateParts } from "./late-parts.ts";
export { expectWorkStays, namespaceOf, removeFromGit, untilRemoved } from "./removal.ts";
export { renameKustomization } from "./renaming.ts";
export { expectClaimsStay, expectStillRuns, type WhatRuns, whatRuns } from "./what-runs.ts";
