export { tokenIn } from "./auth-json.ts";
export { expectExpiryTold, expired } from "./expiry.ts";
export { expectAnsweredAgain, logInAnewBy, loginDocument } from "./login-document.ts";
export { expectKeptInMidAnswer } from "./mid-answer.ts";
export { expectOffered } from "./offered-models.ts";
export { expectOwnAnswer } from "./own-login.ts";
export { expectLoginKept, renewInOpenCode } from "./renewal.ts";
export { answerOver, planned } from "./slow-answer.ts";
export { expectWhole, type WatchedAnswer, watchAnswer } from "./watched-answer.ts";
