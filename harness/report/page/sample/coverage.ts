import type { CoveredClaim } from "../run-page-data.ts";

export const coverage: CoveredClaim[] = [
  {
    kind: "pitfall",
    what: "2: the repository is cloned at every restart",
    coveredBy: ["persistence", "drain", "crash"],
  },
  { kind: "pitfall", what: "3: the token in the pod's logs", coveredBy: ["redaction"] },
  { kind: "pitfall", what: "4: streams cut by the gateway's time limits", coveredBy: ["websocket"] },
  { kind: "pitfall", what: "6: a volume that cannot follow its pod", coveredBy: ["drain", "crash"] },
  {
    kind: "pitfall",
    what: "9: a route or certificate that the gateway refuses",
    coveredBy: ["persistence", "ingress"],
  },
  { kind: "checklist", what: "WebSocket support", coveredBy: ["websocket"] },
  { kind: "checklist", what: "Certificate coverage", coveredBy: ["persistence", "ingress"] },
  { kind: "acceptance", what: "Deleting a pod preserves all sessions and code", coveredBy: ["persistence"] },
  {
    kind: "acceptance",
    what: "flux.opencode loads, password-protected",
    coveredBy: ["persistence", "ingress"],
  },
  {
    kind: "system",
    what: "ceph-block",
    coveredBy: ["drain", "crash"],
    part: "a stand-in, by real CSI sidecars",
  },
  { kind: "system", what: "VolSync", coveredBy: [], part: "a stand-in; real restic" },
];
