/** Bytes of a GiB. */
export const GiB = 1024 ** 3;

/** One cluster: 1.9 GiB were measured with both workspaces, and about 0.5 GiB for a browser beside it. */
export const clusterMemory = 2.5 * GiB;

/** Preparation from packages, before any cluster runs: what compilers were seen to use. */
export const preparationMemory = 4 * GiB;

/** Clusters that `mutants` has side by side if no other number is given. */
export const clustersAtOnce = 2;

/** The harness itself, Vitest and the engine. */
const ownMemory = 1 * GiB;

/** What doctor and the README ask for, available: enough for preparation and for every command as it is without options. */
export const wantedMemory = Math.max(clustersAtOnce * clusterMemory, preparationMemory) + ownMemory;
