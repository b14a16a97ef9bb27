/** What holds of a workspace whatever is done to it. */
export { expectPassword, expectQuickInit } from "../workspace/index.ts";
