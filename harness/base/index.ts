export { accessOwner, keepAccess, makeAccess, removeLeftAccess } from "./access.ts";
export { blockBelow } from "./block.ts";
export { type Authority, type KeyPair, type LeafRequest, newAuthority } from "./ca.ts";
export { closest, editDistance } from "./closest.ts";
export { currentTask, mark, withinTask } from "./current-task.ts";
export {
  describePlace,
  type ErrorCode,
  type Excerpt,
  exitCodes,
  HarnessError,
  type ManifestPlace,
  messageOf,
  retold,
  type Whereabouts,
  withRemedy,
} from "./errors.ts";
export { escapeRegExp } from "./escape-reg-exp.ts";
export { excerptOf } from "./excerpt.ts";
export { isInText } from "./foreign-pattern.ts";
export { innermostMount } from "./innermost-mount.ts";
export { isAtOrBelow } from "./is-at-or-below.ts";
export { legible } from "./legible.ts";
export { block, cell, code, fenced } from "./markdown.ts";
export type { PermittedNames } from "./name-constraints.ts";
export { objectStoreAddress, objectStoreHost, objectStorePort } from "./object-store.ts";
export { orAborted } from "./or-aborted.ts";
export { describeOwner, hasOwnerEnded, ownerOf } from "./owner.ts";
export { cacheDir, cacheId, checkoutDir } from "./paths.ts";
export { outlastMs, patientMs } from "./patient-ms.ts";
export { patiently } from "./patiently.ts";
export { printable } from "./printable.ts";
export { endGroup } from "./process-group.ts";
export { startTimeOf } from "./process-start.ts";
export {
  type Progress,
  type StepSurroundings,
  silent,
  type Task,
  type TaskOptions,
  type WaitKind,
} from "./progress.ts";
export { addPrivateKey, addSecret, redact } from "./redactor.ts";
export { Remembered } from "./remembered.ts";
export type { Division, Mark, RunFact, StreamFact } from "./run-facts.ts";
export {
  isLeft,
  isOfThisCache,
  labelNames,
  labelsOf,
  networkNameOf,
  poolVolumeOf,
} from "./run-labels.ts";
export { removeLeftScratch, scratchDirectory } from "./scratch.ts";
export { type FormName, secretForms } from "./secret-forms.ts";
export { shellWord } from "./shell-word.ts";
export { newEd25519Pair } from "./ssh-key-pair.ts";
export { addStandingFacts, standingFacts } from "./standing-facts.ts";
export { helmBinary, kubectlBinary, kubectlPackageFile } from "./tools.ts";
export { UnderWay } from "./under-way.ts";
export { unzip } from "./unzip.ts";
