/** Where secrets are looked for. */
export {
  committed,
  logs,
  mountedSecrets,
  objects,
  ownArtifacts,
  processes,
  volumes,
} from "../observe/index.ts";
