export { type Beginning, WarmWorld } from "./warm-world.ts";
