export { breakBuild } from "./broken-commit.ts";
