/** What the gateway promises: routes, certificates, redirects, nothing for strangers. */
export {
  addUnrelatedRoute,
  expectAcceptedRoute,
  expectCertificate,
  expectNothingForWrongHost,
  expectNothingWithoutPassword,
  expectOnlyWantedRecords,
  expectRedirect,
  renewCertificate,
  renewUnderTraffic,
} from "../gateway/index.ts";
