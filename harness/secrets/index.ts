export { expectPutRight } from "./by-hand.ts";
export { expectBackByItself, expectToldMissing, takeKeyAway } from "./missing-key.ts";
export { expectOneOwner } from "./one-owner.ts";
export { befallen, expectUnharmed, untilFetchedAgain } from "./outage.ts";
export { renewedLogins } from "./renewed-logins.ts";
export { expectRotated } from "./rotated-value.ts";
export { loginKey, nextValues, rotate } from "./rotation.ts";
export { seedLogins, seedScript } from "./seed-login.ts";
export type { Generations } from "./stage.ts";
