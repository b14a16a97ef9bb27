export { breakBuild } from "./broken-commit.ts";
export { neverReady, untilGivenUp, untilRolledBack } from "./failing-upgrade.ts";
export { changeByHand } from "./hand-made.ts";
export { LateParts } from "./late-parts.ts";
export { expectWorkStays, namespaceOf, removeFromGit, untilRemoved } from "./removal.ts";
export { broughtUnderNewName, letGo, removeUnclaimed, renameKustomization } from "./renaming.ts";
export { type CommitStage, pushSpoiled } from "./spoiled.ts";
export { annotatePods } from "./upgrade.ts";
export { expectStillRuns, type WhatRuns, whatRuns } from "./what-runs.ts";
