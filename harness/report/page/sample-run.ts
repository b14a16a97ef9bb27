import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Failure, RunResult, ScenarioResult, StepResult } from "../result.ts";
import { toJson } from "../run-directory.ts";
import type { Timeline, TimelineEntry, TimelineStream } from "../timeline.ts";
import type { CoveredClaim, EgressLine, FidelityLine, PodUsage } from "./run-page-data.ts";

/*
 * A run as it leaves its directory, made up: for the tests of the page, and to look at it while it is worked on. Its
 * figures are of the size that real runs have; its texts are those of the scenarios, in part.
 */

type Step = [
  title: string,
  seconds: number,
  notes?: string[],
  waits?: Wait[],
  marks?: [atSeconds: number, text: string][],
];
type Wait = [what: string, seconds: number, ...said: string[]];

const release = "manifests/kubernetes/apps/opencode/opencode-flux/app/helmrelease.yaml";

const failure: Failure = {
  code: "failed",
  message:
    "expected that a new pod of opencode-flux is Ready on another node than agent-1: it cannot come: no node takes pod opencode-flux-6d5f7c9b4-q8x2m: 0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable",
  remedy:
    "pitfall 6: keep everything on ceph-block (no storageClassName in kubernetes/templates/volsync/claim.yaml), and pin opencode-flux to no node (nodeSelector, affinity in its HelmRelease)",
  where: [
    "manifests/kubernetes/templates/volsync/claim.yaml:9 (PersistentVolumeClaim opencode-flux, spec.storageClassName, which is not there)",
    `${release}:21 (HelmRelease opencode-flux, spec.values.defaultPodOptions.nodeSelector)`,
  ],
  excerpts: [
    {
      where: `${release}:21 (HelmRelease opencode-flux, spec.values.defaultPodOptions.nodeSelector)`,
      file: release,
      line: 21,
      firstLine: 17,
      lines: [
        "    controllers:",
        "      opencode-flux:",
        "        strategy: Recreate",
        "    defaultPodOptions:",
        "      nodeSelector: { kubernetes.io/hostname: agent-1 } # the fast one",
        "      securityContext:",
        "        runAsUser: 1000",
        "        runAsGroup: 1000",
        "        fsGroup: 1000",
        "        fsGroupChangePolicy: OnRootMismatch",
      ],
    },
  ],
  at: "scenarios/drain.scenario.ts:51",
  details:
    "Pod opencode-flux-6d5f7c9b4-q8x2m: FailedScheduling: 0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector\nlog of opencode-ha-7c9d8b6f5-zk4lp/app:\nopencode server listening on http://0.0.0.0:4096",
};

const plans: {
  name: string;
  title: string;
  startSeconds: number;
  steps: Step[];
  skipped?: string[];
  fails?: Failure;
  inapplicable?: [string, string][];
}[] = [
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

const ms = (seconds: number) => Math.round(seconds * 1_000);

function resultOf(plan: (typeof plans)[number], index: number): ScenarioResult {
  const { name, title, steps, skipped = [], inapplicable = [], fails } = plan;
  const run = steps.map(([title, seconds], at): StepResult => {
    const isLast = fails !== undefined && at === steps.length - 1;
    return {
      title,
      status: isLast ? "failed" : "passed",
      ms: ms(seconds),
      ...(isLast ? { failure: fails } : {}),
    };
  });
  return {
    name,
    title,
    status: fails ? "failed" : "passed",
    ms: ms(steps.reduce((sum, [, seconds]) => sum + seconds, 0)) + index,
    steps: [
      ...run,
      ...inapplicable.map(([title, why]): StepResult => ({ title, status: "not applicable", ms: 0, why })),
      ...skipped.map((title): StepResult => ({ title, status: "skipped", ms: 0 })),
    ],
  };
}

function entriesOf({ name, steps, startSeconds, fails }: (typeof plans)[number]): TimelineEntry[] {
  let at = startSeconds;
  return steps.map(([title, seconds, notes = [], waits = [], marks = []], index) => {
    const startMs = ms(at);
    at += seconds;
    const isFailed = fails !== undefined && index === steps.length - 1;
    return {
      title: `${name}: ${title}`,
      startMs,
      ms: ms(seconds),
      ...(isFailed ? { error: fails.message } : {}),
      ...(notes.length > 0 ? { notes: notes.map((text) => ({ atMs: startMs + ms(seconds), text })) } : {}),
      ...(marks.length > 0
        ? { marks: marks.map(([second, text]) => ({ atMs: startMs + ms(second), text })) }
        : {}),
      ...(title.includes("was let go") ? { divisions: moves(startMs) } : {}),
      children: waits.map(([what, long, ...said]) => ({
        title: what,
        kind: "wait" as const,
        startMs: startMs + 200,
        ms: ms(long),
        said: said.map((text, place) => ({ atMs: startMs + 200 + place * 1_900, text })),
        children: [],
      })),
    };
  });
}

function moves(startMs: number) {
  const parts = (...seconds: number[]) =>
    ["evict", "end and unmount", "detach", "attach", "stage", "init", "Ready"].map((part, index) => ({
      part,
      ms: ms(seconds[index] ?? 0),
    }));
  return [
    {
      title: "opencode-flux moves from agent-1 to agent-2",
      startMs: startMs - 15_000,
      parts: parts(0.3, 1.4, 0.2, 0.4, 0.3, 1.1, 7.9),
    },
    {
      title: "opencode-ha moves from agent-1 to agent-2",
      startMs: startMs - 15_000,
      parts: parts(0.4, 2.3, 0.2, 0.5, 0.3, 1.1, 8.1),
    },
  ];
}

function phase(title: string, start: number, seconds: number, children: TimelineEntry[] = []): TimelineEntry {
  return { title, startMs: ms(start), ms: ms(seconds), children };
}

function wait(title: string, start: number, seconds: number, ...said: string[]): TimelineEntry {
  const moments = said.map((text, index) => ({ atMs: ms(start) + index * 800, text }));
  return { title, kind: "wait", startMs: ms(start), ms: ms(seconds), said: moments, children: [] };
}

function stream(
  name: string,
  start: number,
  end: number,
  perSecond: (second: number) => number,
  cut?: string,
): TimelineStream {
  const seconds = Array.from({ length: Math.floor(end - start) }, (_, second): [number, number] => [
    second,
    perSecond(second),
  ]);
  const bytes = seconds.filter(([, amount]) => amount > 0);
  const last = bytes.at(-1)?.[0] ?? 0;
  return {
    name,
    startMs: ms(start),
    endMs: ms(end),
    ...(cut === undefined ? {} : { cut }),
    firstByteMs: ms(start) + 40,
    lastByteMs: cut === undefined ? ms(start + last) : ms(end) - 30,
    bytes,
  };
}

const typing = (second: number) => 480 + ((second * 37) % 60);
const announcing = (second: number) => 210 + ((second * 13) % 20);
const heartbeat = (second: number) => (second % 10 === 0 ? 58 : 0);

function timelineOf(startedAt: string): Timeline {
  const inEach = (make: (workspace: string) => TimelineStream[]) =>
    ["opencode-flux", "opencode-ha"].flatMap(make);
  return {
    version: 2,
    startedAt,
    entries: [
      phase("Start the world", 0.4, 40.2, [
        phase("nodes", 0.6, 6.1),
        phase("stand-ins", 0.6, 3.2),
        phase("platform", 7, 31.5, [
          wait(
            "Deployment flux-system/kustomize-controller is available",
            7.4,
            6.2,
            "0 of 1 replicas available",
          ),
          wait(
            "Kustomization cert-manager is Ready",
            9.1,
            17.3,
            "DependencyNotReady",
            "Reconciliation in progress",
          ),
          wait(
            "Gateway network/envoy-internal is programmed",
            14.2,
            21.9,
            "nothing yet",
            "Waiting for controller",
            "AddressNotAssigned",
          ),
        ]),
        phase("publish the tree", 38.6, 1.9),
      ]),
      ...plans.flatMap(entriesOf),
      phase("Evidence", 247.2, 3.4),
      phase("remove the cluster", 251, 4.2),
    ],
    streams: [
      ...inEach((workspace) => [
        stream(`the busy terminal of ${workspace}`, 140, 216, typing),
        stream(`the busy event stream of ${workspace}`, 140, 216, announcing),
        stream(`the idle event stream of ${workspace}`, 140.4, 216, heartbeat),
        stream(`the idle terminal of ${workspace}`, 140.6, 216, (second) => (second === 0 ? 6 : 0)),
        stream(`the busy terminal of ${workspace}`, 223.2, 227.6, typing, "closed with code 1006"),
        stream(`the busy terminal of ${workspace}, opened again`, 238.6, 240, heartbeat),
        stream(`the busy event stream of ${workspace}`, 223.2, 227.7, announcing, "ended by the other side"),
        stream(`the busy event stream of ${workspace}, opened again`, 238.4, 240, heartbeat),
      ]),
    ],
  };
}

function usageOf(beginAt: number): PodUsage[] {
  const pod = (
    namespace: string,
    name: string,
    from: number,
    until: number,
    bytes: (s: number) => number,
    cpu: (s: number) => number,
    limitBytes?: number,
  ): PodUsage => ({
    namespace,
    pod: name,
    ...(limitBytes === undefined ? {} : { limitBytes }),
    samples: Array.from({ length: Math.floor((until - from) / 5) }, (_, index): [number, number, number] => {
      const second = index * 5;
      return [beginAt + ms(from + second), Math.round(bytes(second)), Math.round(cpu(second))];
    }),
  });
  const openCode = (second: number) => 1e6 * (286 - 240 * Math.exp(-second / 9) + 9 * Math.sin(second / 11));
  const starting = (second: number) => 40 + 460 * Math.exp(-((second - 6) ** 2) / 40);
  const limit = 512 * 1024 ** 2;
  return [
    pod("opencode", "opencode-flux-6d5f7c9b4-x2x4z", 58, 71, openCode, starting, limit),
    pod("opencode", "opencode-flux-6d5f7c9b4-8vq2p", 71, 226, openCode, starting, limit),
    pod("opencode", "opencode-flux-6d5f7c9b4-ttq8c", 228, 247, openCode, starting, limit),
    pod("opencode", "opencode-ha-7c9d8b6f5-b7k2x", 58, 227, openCode, starting, limit),
    pod("opencode", "opencode-ha-7c9d8b6f5-zk4lp", 229, 247, openCode, starting, limit),
    pod(
      "network",
      "envoy-network-envoy-internal-5f7b8c9d64-h2k9q",
      34,
      247,
      (s) => 1e6 * (61 + s / 40),
      () => 24,
    ),
    pod(
      "flux-system",
      "kustomize-controller-7d8f9b6c5d-mm2qk",
      10,
      247,
      (s) => 1e6 * (74 + 12 * Math.sin(s / 20)),
      (s) => 60 + 40 * Math.sin(s / 9),
    ),
    pod(
      "flux-system",
      "helm-controller-6c9d8b7f64-xk2vl",
      10,
      247,
      (s) => 1e6 * (92 + 30 * Math.exp(-(((s - 50) / 18) ** 2))),
      (s) => 50 + 30 * Math.sin(s / 5),
    ),
    pod(
      "cert-manager",
      "cert-manager-5c8f7d9b64-pp2lq",
      16,
      247,
      () => 58e6,
      () => 12,
    ),
  ];
}

const fidelity: FidelityLine[] = [
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

const egress: EgressLine[] = [
  { who: "opencode/opencode-flux-6d5f7c9b4-x2x4z", name: "models.dev", isAnswered: false, count: 12 },
  { who: "opencode/opencode-ha-7c9d8b6f5-b7k2x", name: "models.dev", isAnswered: false, count: 9 },
  { who: "opencode/opencode-flux-6d5f7c9b4-x2x4z", name: "github.com", isAnswered: true, count: 6 },
  {
    who: "external-secrets/external-secrets-7f9c8d6b54-2lm8x",
    name: "api.doppler.com",
    isAnswered: true,
    count: 22,
  },
];

const coverage: CoveredClaim[] = [
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

/** What the run of all scenarios says: one of them has failed. */
export function sampleResult(): RunResult {
  return {
    version: 1,
    runId: "20261121-1203-all-ab12",
    command: "scenario",
    status: "failed",
    exitCode: 1,
    startedAt: "2026-11-21T12:03:04.000Z",
    ms: ms(256),
    options: { manifests: "/home/me/home-cluster", images: "auto", store: "webhook", keep: "never" },
    tree: { published: "main@sha1:4be1c0de90", applied: "main@sha1:4be1c0de90" },
    scenarios: plans.map(resultOf),
    mutants: [],
    fidelity: fidelity.length,
    egress: { asked: egress.length, unanswered: 2 },
    directory: "results/20261121-1203-all-ab12",
  };
}

/** Of mutants: most are caught, one of each other outcome. */
export function sampleMutants(): RunResult {
  const names: Record<string, string[]> = {
    persistence: [
      "password-left-out",
      "other-user-name",
      "data-on-empty-dir",
      "auth-by-root",
      "no-fs-group",
      "clone-at-every-start",
      "cloned-twice",
      "directory-instead-of-git",
      "auth-seeded-at-every-start",
      "key-not-in-doppler",
      "values-of-older-chart",
      "other-data-directory",
      "secret-in-other-namespace",
      "route-by-ingress",
    ],
    drain: [
      "pinned-to-node",
      "no-grace-period",
      "rolling-update",
      "two-replicas",
      "host-path",
      "claim-of-the-release",
    ],
    websocket: ["request-timeout", "idle-timeout", "policy-in-other-namespace", "no-app-protocol"],
    ingress: [
      "no-password",
      "no-challenge",
      "certificate-for-apex",
      "http-without-redirect",
      "wrong-listener",
      "wrong-port",
      "header-removed",
    ],
  };
  const odd: Record<string, RunResult["mutants"][number]["outcome"]> = {
    "two-replicas": "missed",
    "header-removed": "caught for the wrong reason",
    "route-by-ingress": "not applicable",
  };
  const mutants = Object.entries(names).flatMap(([scenario, list]) =>
    list.map((mutant, index) => ({
      scenario,
      mutant,
      title: mutant.replaceAll("-", " "),
      ...(index % 3 === 0 ? {} : { pitfall: 1 + (index % 12) }),
      outcome: odd[mutant] ?? ("caught" as const),
      why:
        odd[mutant] === "missed"
          ? 'every step passed; "each workspace is one pod" should have failed'
          : "expected the volume pvc-1, the new pod has an emptyDir (pitfall 6)",
      ms: 9_000 + index * 1_300,
    })),
  );
  const { egress: _, ...result } = sampleResult();
  return { ...result, runId: "20261121-1403-mutants-ab12", command: "mutants", scenarios: [], mutants };
}

/** Leaves a run in the directory, as the commands do. */
export async function leaveSampleRun(directory: string, result = sampleResult()): Promise<void> {
  const startedAt = "2026-11-21T12:03:04.100Z";
  const write = (name: string, value: unknown) => writeFile(join(directory, name), toJson(value));
  const evidence = join(directory, "evidence", "drain");
  await mkdir(evidence, { recursive: true });
  await Promise.all([
    write("result.json", result),
    write("timeline.json", timelineOf(startedAt)),
    write("fidelity.json", fidelity),
    write("egress.json", egress),
    write("coverage.json", coverage),
    write("usage.json", usageOf(Date.parse(startedAt))),
    writeFile(
      join(evidence, "events.txt"),
      "2026-11-21T12:07:01.000Z Normal Pod opencode/opencode-flux-6d5f7c9b4-q8x2m Scheduled: assigned\n2026-11-21T12:07:02.000Z Warning Pod opencode/opencode-flux-6d5f7c9b4-q8x2m FailedScheduling: 0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector\n",
    ),
    writeFile(join(evidence, "pod.yaml"), "---\nkind: Pod\n"),
    writeFile(
      join(evidence, "opencode-opencode-flux-6d5f7c9b4-x2x4z-app.log"),
      "opencode server listening\n",
    ),
  ]);
}
