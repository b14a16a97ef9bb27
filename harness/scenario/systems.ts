/** A system that the documents name, and what of it runs here: a scenario proves no more than its part allows. */
export interface System {
  name: string;
  /** What of it is real and what a stand-in; the fidelity ledger of a run says in detail what differs. */
  part: string;
}

const realOrStandIn = "real where a registry answers, else a stand-in";

/** Every system that a workspace leans on by the documents, in the order in which a change passes them. */
export const systems: readonly System[] = [
  { name: "Flux", part: "real" },
  { name: "OCI chart", part: "real; a registry of the run in place of ghcr.io" },
  { name: "app-template", part: realOrStandIn },
  { name: "External Secrets + Doppler", part: "real; a stand-in of Doppler" },
  { name: "Reloader", part: realOrStandIn },
  { name: "ceph-block", part: "a stand-in, by real CSI sidecars" },
  { name: "VolSync", part: `${realOrStandIn}; real restic` },
  { name: "Envoy Gateway", part: "real" },
  { name: "cert-manager", part: "real; an authority of the run in place of Let's Encrypt" },
  { name: "external-dns", part: "real; a recorder in place of Cloudflare" },
  { name: "git clone", part: "real; a stand-in of GitHub by git's own http-backend" },
  { name: "Copilot", part: "a stand-in, asked by the real OpenCode" },
  { name: "seed script", part: "real; a stand-in of the program doppler" },
  { name: "runbooks", part: "their own command blocks, as they stand" },
];
