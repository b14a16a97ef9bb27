import type { EgressLine, FidelityLine, HomeParts } from "../run-page-data.ts";

export const fidelity: FidelityLine[] = [
  {
    part: "machines",
    production: "three machines, each control plane and worker",
    here: "one server that runs the platform only, two agents for the workspaces; one kernel, one disk",
    why: "agents are to be drained and killed while the platform stays",
    hides: "the loss of a control plane, network partitions, a disk that fails",
  },
  {
    part: "github.com",
    production: "GitHub",
    here: "git http-backend behind TLS with a token for each repository; every request is recorded",
    why: "nothing leaves the machine",
    hides: "rate limits, LFS, SSH, GitHub's own outages and messages",
  },
  {
    part: "Ceph",
    production: "Rook 1.18",
    here: "a CSI driver of our own: a volume is a sparse ext4 image that every node sees",
    why: "there are no disks to give away",
    hides: "what Ceph itself does under load, and when it is not healthy",
  },
];

export const egress: EgressLine[] = [
  { who: "opencode/opencode-flux-6d5f7c9b4-x2x4z", name: "models.dev", isAnswered: false, count: 12 },
  { who: "opencode/opencode-ha-7c9d8b6f5-b7k2x", name: "models.dev", isAnswered: false, count: 9 },
  { who: "opencode/opencode-flux-6d5f7c9b4-x2x4z", name: "github.com", isAnswered: true, count: 6 },
  {
    who: "external-secrets/external-secrets-7f9c8d6b54-2lm8x",
    name: "api.doppler.com",
    isAnswered: true,
    count: 22,
  },
  {
    who: "opencode/opencode-flux-6d5f7c9b4-x2x4z",
    name: "169.254.169.254:80",
    isAnswered: false,
    count: 3,
    isAddress: true,
  },
];

export const home: HomeParts = {
  leftOut: ["flux-system/media", "flux-system/monitoring"],
  kept: ["kubernetes/templates/volsync/externalsecret.yaml"],
  blind: ["a misspelt key of Doppler"],
};
