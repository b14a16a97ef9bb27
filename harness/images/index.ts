export { loadImages, saveImages } from "./archive.ts";
export {
  type CatalogueEntry,
  catalogue,
  catalogueEntries,
  type ImageName,
  imageReference,
} from "./catalogue.ts";
export { imageDigests, pinned } from "./digests.ts";
export { type ModuleName, moduleDir } from "./module-dir.ts";
export { areImagesPrepared } from "./plan.ts";
export { type PrepareOptions, prepareImages } from "./prepare-images.ts";
export type { PreparedImage, PreparedImages } from "./prepared-images.ts";
export { preparedOpenCode } from "./prepared-program.ts";
export { withTag } from "./push-tags.ts";
export { definitionDirectories } from "./recipes/definition-files.ts";
export type { Source } from "./source.ts";
export { versions } from "./versions.ts";
