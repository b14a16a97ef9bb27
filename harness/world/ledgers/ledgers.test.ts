import { beforeEach, describe, expect, it } from "vitest";
import { digest, fluxRevision, Tree } from "../../gitops/index.ts";
import { testInputs } from "../../platform/test-inputs.ts";
import { ledgersOf } from "./ledgers.ts";
import type { LedgerSources } from "./sources.ts";

const tree = Tree.of([["kubernetes/x.yaml", "kind: X\n"]]);
const query = (name: string, rcode: string) =>
  `[INFO] 10.0.0.7:40000 - 1 "A IN ${name}. udp 51 false 512" ${rcode} qr,aa 100 0.0001s`;
const pods = [
  {
    metadata: { namespace: "kube-system", name: "dns", labels: { "k8s-app": "kube-dns" } },
    spec: { nodeName: "server" },
  },
  { metadata: { namespace: "opencode", name: "opencode-flux" }, status: { podIP: "10.0.0.7" } },
];

let notes: string[];
beforeEach(() => {
  notes = [];
});

function sources(parts: Partial<LedgerSources> = {}): LedgerSources {
  return {
    cluster: {
      objects: { all: async () => pods },
      nodes: [],
      log: async () => `${query("github.com", "NOERROR")}\n${query("evil.example", "NXDOMAIN")}`,
    },
    images: {
      source: "packages",
      node: "node:1",
      components: [
        {
          name: "dns",
          reference: "docker.io/dns:1",
          version: "1",
          source: "Go module",
          bytes: 1,
          ms: 0,
          cached: true,
        },
      ],
    },
    inputs: testInputs,
    home: {
      tree,
      rendered: { kustomizations: [], releases: [], problems: [] },
      kept: ["kubernetes/templates/volsync/claim.yaml"],
      blind: [],
      isWhole: false,
      needs: { ofWorkspaces: [], ofHome: [], gateways: [] },
    },
    entry: {
      replaced: [{ what: "HelmRelease of Kustomization rook-ceph-cluster", how: "stand-in" }],
      leftOut: ["flux-system/media"],
    },
    whoHad: (ip) => (ip === "10.0.0.7" ? "opencode/opencode-flux" : undefined),
    world: {
      tree: async () => tree,
      cluster: { objects: { find: async () => ({ status: { lastAppliedRevision: "main@sha1:applied" } }) } },
    },
    ending: async () => ({ restarts: {}, records: [], clones: {} }),
    note: (text) => notes.push(text),
    ...parts,
  };
}

describe("ledgersOf", () => {
  it("tells who asked for which name, by the pod's name, and what was published and applied", async () => {
    const { egress, tree: proved } = await ledgersOf(sources());
    expect(egress).toEqual([
      { who: "opencode/opencode-flux", name: "evil.example", isAnswered: false, count: 1 },
      { who: "opencode/opencode-flux", name: "github.com", isAnswered: true, count: 1 },
    ]);
    expect(proved).toEqual({ published: fluxRevision(await digest(tree)), applied: "main@sha1:applied" });
    expect(notes).toEqual([]);
  });

  it("tells who asked for an address that a node has refused, but for CoreDNS's own question", async () => {
    const refused = (from: string, to: string, port: number, protocol = "tcp") =>
      `refused-${protocol}:86399 ${from}:0->${to}:${port} 190 200 10`;
    const told = [
      refused("10.0.0.7", "140.82.112.3", 443),
      refused("10.0.0.7", "8.8.8.8", 53, "udp"),
      refused("172.20.0.3", "169.254.169.254", 80),
      refused("10.42.0.2", "192.0.2.1", 53, "udp"),
      refused("10.42.0.3", "192.0.2.1", 53),
      refused("10.42.0.4", "192.0.2.1", 53, "udp"),
      refused("10.42.0.4", "192.0.2.1", 443),
    ];
    const elsewhere = refused("10.42.1.2", "192.0.2.1", 53, "udp");
    const nodes = [
      { name: "server", exec: async () => ({ output: told.join("\n"), exitCode: 0 }) },
      { name: "agent-1", exec: async () => ({ output: elsewhere, exitCode: 0 }) },
      { name: "agent-2", exec: () => Promise.reject(new Error("it is not running")) },
    ];
    const addresses = [{ type: "InternalIP", address: "172.20.0.3" }];
    const all = async ({ kind }: { kind: string }) =>
      kind === "Node" ? [{ metadata: { name: "agent-1" }, status: { addresses } }] : pods;
    const { cluster } = sources();
    const { egress } = await ledgersOf(
      sources({ cluster: { ...cluster, nodes, objects: { all } as typeof cluster.objects } }),
    );
    const ofAMoment = (ip: string) => `${ip} (a node, or a pod of a moment)`;
    const entry = { who: "opencode/opencode-flux", isAnswered: false, isAddress: true, count: 1 };
    expect(egress?.filter(({ isAddress }) => isAddress)).toEqual([
      { ...entry, name: "140.82.112.3:443" },
      { ...entry, name: "8.8.8.8:53/udp" },
      { ...entry, who: "node agent-1", name: "169.254.169.254:80" },
      { ...entry, who: ofAMoment("10.42.0.3"), name: "192.0.2.1:53" },
      { ...entry, who: ofAMoment("10.42.0.4"), name: "192.0.2.1:53/udp" },
      { ...entry, who: ofAMoment("10.42.0.4"), name: "192.0.2.1:443" },
      { ...entry, who: ofAMoment("10.42.1.2"), name: "192.0.2.1:53/udp" },
    ]);
    expect(notes).toEqual([
      "egress ledger without addresses that node agent-2 has refused: it is not running",
    ]);
  });

  it("says of each difference what it is, why, and what it could hide", async () => {
    const { fidelity } = await ledgersOf(sources());
    for (const entry of fidelity) {
      expect(
        Object.values(entry).every((text) => text !== ""),
        entry.part,
      ).toBe(true);
    }
    expect(fidelity.map(({ part }) => part)).toEqual(
      expect.arrayContaining(["node image", "machines", "github.com", "trust", "image docker.io/dns:1"]),
    );
  });

  it("says as which app-template our own chart stood in, and how well that is known", async () => {
    const release = (version: string, isRendered = true) => ({
      namespace: "opencode",
      name: version,
      kustomization: { namespace: "flux-system", name: version },
      chart: { name: "app-template", version },
      isRendered,
    });
    const { home, images } = sources();
    const releases = [release("4.4.0"), release("5.3.0"), release("4.1.0", false)];
    const with3 = { ...home, rendered: { ...home.rendered, releases } };
    const chartsOf = async (parts: Partial<LedgerSources>) => {
      const { fidelity } = await ledgersOf(sources({ home: with3, ...parts }));
      return fidelity.filter(({ part }) => part.startsWith("chart "));
    };
    expect(await chartsOf({})).toMatchObject([
      { part: "chart app-template 4.4.0", here: expect.stringContaining("as this version") },
      { part: "chart app-template 5.3.0", here: expect.stringContaining("as 5.1.0 was") },
    ]);
    expect(await chartsOf({ images: { ...images, source: "registry" } })).toEqual([]);
  });

  it("says that nobody enforces a network policy here", async () => {
    const { home } = sources();
    const policy = { kind: "NetworkPolicy", metadata: { namespace: "opencode", name: "own" } };
    const needs = {
      ...home.needs,
      ofWorkspaces: [{ objects: [{ object: policy }] }],
    } as unknown as typeof home.needs;
    const { fidelity } = await ledgersOf(sources({ home: { ...home, needs } }));
    expect(fidelity).toContainEqual(
      expect.objectContaining({ part: "network policies", here: "NetworkPolicy opencode/own" }),
    );
  });

  it("tells which images are known here by a digest that is not theirs", async () => {
    const { home, images } = sources();
    const image = `ghcr.io/a/b:1@sha256:${"a1".repeat(32)}`;
    const objects = [{ object: { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec: { image } } }];
    const needs = { ...home.needs, ofWorkspaces: [{ objects }] } as unknown as typeof home.needs;
    const partsOf = async (parts: Partial<LedgerSources>) =>
      (await ledgersOf(sources({ home: { ...home, needs }, ...parts }))).fidelity.map(({ part }) => part);
    expect(await partsOf({})).toContain("images that are pinned by digest");
    expect(await partsOf({ images: { ...images, source: "registry" } })).not.toContain(
      "images that are pinned by digest",
    );
  });

  it("counts published images as production's own where a registry answers", async () => {
    const { images } = sources();
    const { fidelity } = await ledgersOf(sources({ images: { ...images, source: "registry" } }));
    expect(fidelity.filter(({ part }) => part.startsWith("image "))).toEqual([]);
    // What it is taken by says how well it is known.
    expect(fidelity.find(({ part }) => part === "images taken by their tag")?.here).toBe("Go module");
  });

  it("keeps the fidelity ledger when the log of queries cannot be read, and claims no empty egress", async () => {
    const broken = {
      objects: { all: async () => pods },
      nodes: [],
      log: () => Promise.reject(new Error("no such pod")),
    };
    const ledgers = await ledgersOf(sources({ cluster: broken }));
    expect(ledgers).not.toHaveProperty("egress");
    expect(ledgers.fidelity.length).toBeGreaterThan(5);
    expect(ledgers.tree?.applied).toBe("main@sha1:applied");
    expect(notes).toEqual(["egress ledger incomplete: no such pod"]);
  });

  it("keeps the ledgers when Flux cannot be asked", async () => {
    const world = {
      tree: async () => tree,
      cluster: { objects: { find: () => Promise.reject(new Error("connection refused")) } },
    };
    const ledgers = await ledgersOf(sources({ world }));
    expect(ledgers.egress).toHaveLength(2);
    expect(ledgers).not.toHaveProperty("tree");
    expect(notes).toEqual(["applied revision incomplete: connection refused"]);
  });
});
