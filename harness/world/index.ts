export { kindsElsewhere } from "./reset.ts";
export { startWorld } from "./start-world.ts";
export { attachWorld, World } from "./world.ts";
