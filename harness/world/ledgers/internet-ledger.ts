import type { FidelityEntry } from "../../platform/index.ts";

/** What stands in for the world outside, and whom it is trusted by. */
export const internetLedger: FidelityEntry[] = [
  {
    part: "github.com",
    production: "GitHub",
    here: "git's own programs behind TLS with a token for each repository, and behind SSH with deploy keys that only read; every request is recorded",
    why: "nothing leaves the machine",
    hides: "rate limits, LFS, GitHub's own outages and messages",
  },
  {
    part: "api.doppler.com",
    production: "Doppler",
    here: "a stand-in of its secrets API with values made for this run",
    why: "nothing leaves the machine",
    hides: "scopes of tokens, audit, the exact texts of errors",
  },
  {
    part: "api.githubcopilot.com",
    production: "GitHub Copilot",
    here: "a stand-in of what OpenCode asks (models, chat completions, responses as server-sent events), for the run's own logins; it answers with who asked",
    why: "nothing leaves the machine, and the logins of the run are made up",
    hides:
      "what models say; Claude's models, which have an endpoint of their own; quotas; the texts of refusals; GitHub's own rules for logins",
  },
  {
    part: "registry.npmjs.org",
    production: "npm's registry",
    here: "a stand-in that serves the one archive which the manifests fetch, as npm published it",
    why: "nothing leaves the machine",
    hides: "npm's own outages; a package that was withdrawn",
  },
  {
    part: "the user's browser",
    production: "Chrome, Safari or Firefox on a laptop or phone of the home network, names from its DNS",
    here: "Debian's Chromium without a screen, in a container on the cluster's network; the harness's CA in its user's list of authorities; names lead to a node's port of the gateway",
    why: "a machine without a screen, and production URLs that must lead into the run",
    hides:
      "what other browsers do; DNS and the load balancer's address; certificate transparency, which a browser asks of public authorities only",
  },
  {
    part: "the operator's machine",
    production: "the owner's laptop, with the doppler program logged in",
    here: "a container with bash, git, kubectl and OpenCode, that knows the cluster and the stand-ins and nothing else; its doppler program is one that asks the stand-in",
    why: "commands of the documents run as written, and must not reach the real Doppler",
    hides: "what the real doppler program asks, prints and leaves behind; other shells",
  },
  {
    part: "the rest of the internet, and the house's network",
    production: "reached through the router, by name or by address",
    here: "there is none: names that nobody answers for are NXDOMAIN, the nodes refuse addresses at once; who asked stands in egress.json",
    why: "nothing leaves the machine",
    hides: "what comes from there, and what a workload does with it",
  },
  {
    part: "trust",
    production: "public certificate authorities",
    here: "every container of a pod finds the run's own CA in place of its image's trust store: a mount and two variables (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE) that containerd adds; images are left as they are",
    why: "the stand-ins answer under production names",
    hides:
      "an image whose trust store lacks the public authorities; a program that reads neither its system's store nor these variables",
  },
];
