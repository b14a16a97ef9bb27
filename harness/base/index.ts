export { type Authority, type KeyPair, type LeafRequest, loadOrCreateAuthority } from "./ca.ts";
export {
  describePlace,
  type ErrorCode,
  exitCodes,
  HarnessError,
  type ManifestPlace,
  messageOf,
  withRemedy,
} from "./errors.ts";
export { describeOwner, hasOwnerEnded, ownerOf } from "./owner.ts";
export { cacheDir, cacheId, checkoutDir } from "./paths.ts";
export { endGroup } from "./process-group.ts";
export { startTimeOf } from "./process-start.ts";
export { type Progress, silent, type Task } from "./progress.ts";
export { addSecret, redact } from "./redactor.ts";
export {
  isLeft,
  isOfThisCache,
  labelNames,
  labelsOf,
  networkNameOf,
  poolVolumeOf,
} from "./run-labels.ts";
export { type FormName, secretForms } from "./secret-forms.ts";
export { helmBinary, kubectlBinary } from "./tools.ts";
export { unzip } from "./unzip.ts";
