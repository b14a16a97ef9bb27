export { expectCertificate } from "./certificate-coverage.ts";
export { renewCertificate } from "./certificate-renewal.ts";
export { expectRedirect } from "./plain-http.ts";
export { expectOnlyWantedRecords } from "./public-records.ts";
export { renewUnderTraffic } from "./renewal-under-traffic.ts";
export { expectAcceptedRoute } from "./route-status.ts";
export { expectNothingForWrongHost, expectNothingWithoutPassword } from "./strangers.ts";
export { isOnTheWay, troublesOnTheWay } from "./troubles-on-the-way.ts";
export { addUnrelatedRoute } from "./unrelated-route.ts";
