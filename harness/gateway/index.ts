export { expectCertificate } from "./certificate-coverage.ts";
export { expectRedirect } from "./plain-http.ts";
export { renewUnderTraffic } from "./renewal-under-traffic.ts";
export { expectAcceptedRoute } from "./route-status.ts";
export { renewCertificate } from "./served-certificate.ts";
export { expectNothingForWrongHost, expectNothingWithoutPassword } from "./strangers.ts";
export { addUnrelatedRoute } from "./unrelated-route.ts";
