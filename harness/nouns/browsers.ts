export type { StartedBrowser } from "../internet/index.ts";
/** What a browser is shown of a workspace. */
export { expectAskedForPassword, expectDistrusted, expectOpenCodeShown } from "../workspace/index.ts";
