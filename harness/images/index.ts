export { loadImages, saveImages } from "./archive.ts";
export { type CatalogueEntry, catalogue, type ImageName, imageReference } from "./catalogue.ts";
export type { ModuleName } from "./module-dir.ts";
export {
  areImagesPrepared,
  type PreparedImage,
  type PreparedImages,
  type PrepareOptions,
  preparedOutputs,
  prepareImages,
} from "./prepare-images.ts";
export { definitionDirectories } from "./recipes/definition-files.ts";
export type { Source } from "./source.ts";
export { versions } from "./versions.ts";
