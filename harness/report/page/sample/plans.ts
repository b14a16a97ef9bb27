import type { Failure } from "../../result.ts";
import { failure } from "./failure.ts";

type Step = [
  title: string,
  seconds: number,
  notes?: string[],
  waits?: Wait[],
  marks?: [atSeconds: number, text: string][],
];
type Wait = [what: string, seconds: number, ...said: string[]];

/** A scenario of the run, told in short. */
export interface Plan {
  name: string;
  title: string;
  startSeconds: number;
  steps: Step[];
  skipped?: string[];
  /** Why its last step failed. */
  fails?: Failure;
  /** Steps and why they are not applicable. */
  inapplicable?: [string, string][];
}

export const plans: Plan[] = [
  {
    name: "persistence",
    title: "Sessions, code and the Copilot login survive every new pod",
    startSeconds: 41,
    steps: [
      [
        "Flux reports everything Ready at the published revision",
        21.4,
        [],
        [
          [
            "Flux applied the tree at sha256:4be1c0",
            19.8,
            "Kustomization cluster-apps: Reconciliation in progress",
            "HelmRelease opencode-flux: Running 'install' action",
            "HelmRelease opencode-ha: Running 'install' action with timeout of 5m0s",
          ],
          [
            "the pod of opencode-flux is Ready",
            1.4,
            "opencode-flux-6d5f7c9b4-x2x4z is Pending: git-clone running",
            "opencode-flux-6d5f7c9b4-x2x4z is Running: app running",
          ],
        ],
      ],
      ["OpenCode answers 401 without the password and 200 with it", 0.3],
      ["auth.json is OpenCode's own, 600, and Copilot is connected", 0.6],
      ["a session and three kinds of work are left on the volume", 3.2],
      ["each repository was cloned once", 0.1],
      [
        "after the pod is deleted, a new pod is Ready on the same volume",
        12.3,
        [],
        [
          [
            "a new pod of opencode-flux is Ready",
            11.9,
            "no pod",
            "opencode-flux-6d5f7c9b4-8vq2p is Pending: git-clone running",
          ],
          ["a new pod of opencode-ha is Ready", 12.1, "no pod"],
        ],
        [
          [0.1, "the pod of opencode-flux is deleted"],
          [0.2, "the pod of opencode-ha is deleted"],
        ],
      ],
      ["after the pod is deleted, session and work are there, byte for byte", 1.4],
      [
        "after an upgrade of the HelmRelease through Git, a new pod is Ready on the same volume",
        17.8,
        [],
        [
          [
            "Flux applied the tree at sha256:90aa12",
            15.1,
            "HelmRelease opencode-flux: Running 'upgrade' action",
          ],
        ],
        [[0.2, "a change is pushed to Git"]],
      ],
      [
        "after kubectl rollout restart, a new pod is Ready on the same volume",
        12.9,
        [],
        [
          [
            "a new pod of opencode-flux is Ready",
            12.5,
            "opencode-flux-5b8f9d7c6-lm2vq is Pending: git-clone running",
          ],
        ],
        [
          [0.1, "opencode-flux is restarted"],
          [0.2, "opencode-ha is restarted"],
        ],
      ],
      [
        "a clone that was interrupted is made whole by the next pod",
        24.1,
        [],
        [["a clone of acme/ha is under way", 8.4, "no request yet"]],
        [
          [0.4, "github.com is told to fail: stall"],
          [9.1, "the pod of opencode-ha is deleted"],
          [9.3, "github.com is well"],
        ],
      ],
    ],
    inapplicable: [
      ["the login is seeded from a Secret", "the tree has no login: no container mounts an auth.json"],
    ],
  },
  {
    name: "websocket",
    title: "Terminals and event streams stay open, idle and busy, and lose nothing",
    startSeconds: 139,
    steps: [
      ["terminals and event streams of both workspaces open, some idle and some busy", 1.9],
      [
        "an unrelated route is added to the gateway meanwhile",
        2.4,
        ["unrelated.example.internal answers after 812 ms"],
      ],
      [
        "the certificate is renewed, and the new one is served, meanwhile",
        4.6,
        ["a new certificate for flux.opencode.example.internal is served after 3904 ms"],
        [],
        [[0.6, "the certificate for flux.opencode.example.internal is renewed"]],
      ],
      ["no stream is cut within 75 seconds", 66.2],
      [
        "every byte came, once and in order",
        0.9,
        [
          "the busy terminal of opencode-flux: open, 38220 bytes, longest silence 0.31 s; 742 of 742 numbered lines came back",
          "the idle event stream of opencode-ha: open, 612 bytes, longest silence 10.02 s; 0 of 0 numbered events came",
        ],
      ],
    ],
  },
  {
    name: "ingress",
    title: "A browser reaches each workspace at its URL with TLS and password, and nobody else does",
    startSeconds: 141,
    steps: [
      ["the gateway has accepted each route, on its listener with TLS, and found its Service", 0.2],
      [
        "a Ready Certificate covers each host, and the gateway serves it",
        0.4,
        ["opencode-flux is served with a certificate for *.opencode.example.internal"],
      ],
      ["plain HTTP redirects to HTTPS", 0.1],
      [
        "the certificate is renewed without a drop",
        11.2,
        ["312 requests, none failed"],
        [],
        [[1.1, "the certificate for ha.opencode.example.internal is renewed"]],
      ],
      ["a browser that does not know the authority refuses each page", 3.1],
      [
        "a browser that trusts the authority is asked for the password, shows OpenCode and opens a session",
        14.8,
        ["Chromium 150.0.7871.100, with Chromium's sandbox"],
      ],
    ],
  },
  {
    name: "drain",
    title: "A drained node gives its workspaces, with everything in them, to another one",
    startSeconds: 219,
    fails: failure,
    steps: [
      ["Flux reports everything Ready, each workspace is one pod", 1.1],
      ["a session and three kinds of work are left on the volume", 2.9],
      [
        "drained one way, every workspace of the node is Ready on another within 5 minutes",
        15.2,
        [
          "the busy terminal of opencode-flux: cut after 4.10 s (closed with code 1006); 38 of 41 numbered lines came back; 3 were lost; the event stream is back after 11.94 s without a byte",
        ],
        [
          [
            "a new pod of opencode-flux is Ready on another node than agent-1",
            12.2,
            "the old pod is still there",
            "opencode-flux-6d5f7c9b4-ttq8c Pending on agent-2",
          ],
          [
            "a new pod of opencode-ha is Ready on another node than agent-1",
            13.4,
            "the old pod is still there",
          ],
        ],
        [[0.4, "node agent-1 is drained"]],
      ],
      [
        "drained one way, the volume was let go, moved, and never attached twice",
        0.8,
        [
          "opencode-flux went from agent-1 to agent-2 in 11.6 s: evict 0.3, end and unmount 1.4, detach 0.2, attach 0.4, stage 0.3, init 1.1, Ready 7.9",
          "opencode-ha went from agent-1 to agent-2 in 12.9 s: evict 0.4, end and unmount 2.3, detach 0.2, attach 0.5, stage 0.3, init 1.1, Ready 8.1",
        ],
      ],
      ["drained one way, session, work and login are there, and nothing was cloned", 1.7],
      ["drained one way, the node takes pods again", 0.2, [], [], [[0.1, "node agent-1 takes pods again"]]],
      [
        "drained the other way, every workspace of the node is Ready on another within 5 minutes",
        6.1,
        [],
        [
          [
            "a new pod of opencode-flux is Ready on another node than agent-1",
            5.2,
            "the old pod is still there",
            "no node takes pod opencode-flux-6d5f7c9b4-q8x2m",
          ],
        ],
        [[0.3, "node agent-2 is drained"]],
      ],
    ],
    skipped: [
      "drained the other way, the volume was let go, moved, and never attached twice",
      "drained the other way, session, work and login are there, and nothing was cloned",
      "drained the other way, the node takes pods again",
    ],
  },
];
