export { expectPutRight } from "./by-hand.ts";
export { expectBackByItself, expectToldMissing, takeKeyAway } from "./missing-key.ts";
export { expectOneOwner } from "./one-owner.ts";
export { befallen, expectUnharmed, untilFetchedAgain } from "./outage.ts";
export { expectRotated } from "./rotated-value.ts";
