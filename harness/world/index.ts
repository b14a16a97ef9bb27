export { startWorld } from "./start-world.ts";
export { attachWorld, World, workspaceNames } from "./world.ts";
