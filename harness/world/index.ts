export { attachWorld } from "./attach-world.ts";
export type { Need } from "./needs.ts";
export { newestOpenAccess, type OpenAccess } from "./open-access.ts";
export { kindsElsewhere } from "./reset.ts";
export { reuseWorld } from "./reuse-world.ts";
export { startWorld } from "./start-world.ts";
export { World } from "./world.ts";
