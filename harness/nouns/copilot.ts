/** Copilot's models, its answers, and the login with which each workspace asks it. */
export {
  answerOver,
  expectAnsweredAgain,
  expectExpiryTold,
  expectKeptInMidAnswer,
  expectLoginKept,
  expectOffered,
  expectOwnAnswer,
  expectWhole as expectWholeAnswer,
  expired,
  logInAnewBy,
  planned as plannedAnswer,
  renewInOpenCode,
  type WatchedAnswer,
  watchAnswer,
} from "../copilot/index.ts";
export {
  expectCopilotLogin as expectLogin,
  expectCopilotModels as expectModels,
  type Model,
} from "../workspace/index.ts";
