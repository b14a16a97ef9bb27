import { expect, it } from "vitest";
import { document, expectFound, type Mistake } from "../test-check.ts";
import { checked, flux, home, object, toStudio } from "../test-other-home.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what documents tell": [
    "manifests",
    [
      [
        document("node-lost", "--namespace opencode get pods", "--namespace opencodes get pods"),
        "document-of-nothing",
        /opencodes/,
        /does not have/,
      ],
      [
        document("node-lost", "kubectl --namespace opencode wait", "kubectl wait"),
        "document-of-nothing",
        /wait deployment/,
        /names none/,
      ],
      [
        document("node-lost", "nodeshutdown:NoExecute-\n", "nodeshutdown:NoExecute\n"),
        "document-incomplete",
        /NoExecute$/,
        /leaves the taint/,
      ],
      [
        document("node-lost", 'wait node "$NODE"', 'wait node "$LOST_NODE"'),
        "document-of-nothing",
        /LOST_NODE/,
        /no step/,
      ],
      [
        document("volume-lost", '"$WORKSPACE-dst"', '"$WORKSPACE-dest"'),
        "document-of-nothing",
        /-dest/,
        /opencode-ha-dst/,
      ],
      [
        document(
          "volume-lost",
          'scale deployment "$WORKSPACE" --replicas=0',
          'scale statefulset "$WORKSPACE" --replicas=0',
        ),
        "document-of-nothing",
        /statefulset/,
        /StatefulSet/,
      ],
      [
        document("volume-lost", "--namespace flux-system annotate", "--namespace opencode annotate"),
        "document-of-nothing",
        /annotate/,
        /Kustomization opencode/,
      ],
      [
        document("volume-lost", 'scale deployment "$WORKSPACE" --replicas=1', 'get deployment "$WORKSPACE"'),
        "document-incomplete",
        /delete pvc/,
        /start it again/,
      ],
      [
        document("volume-lost", "app.kubernetes.io/name=$WORKSPACE", "app.kubernetes.io/part=$WORKSPACE"),
        "document-of-nothing",
        /part=/,
        /which no workspace has/,
      ],
      [
        document("login-expired", "seed-copilot-auth.sh --sync flux", "seed-copilot.sh --sync flux"),
        "document-calls",
        /seed-copilot\.sh/,
        /not in the tree/,
      ],
      [document("login-expired", "--sync ha", "--sync home"), "document-calls", /home/, /does not know/],
    ],
  ],
  "what documents leave out": [
    "manifests",
    [
      [
        document("node-lost", "node.kubernetes.io/out-of-service=", "node.kubernetes.io/out-of-services="),
        "document-incomplete",
        /taint/,
        /six minutes/,
      ],
      [
        document("node-lost", 'wait node "$NODE" --for', 'wait node "$NODE --for'),
        "document-unreadable",
        /./,
        /quote/,
      ],
      [
        document(
          "volume-lost",
          'kubectl --namespace opencode delete replicationdestination "$WORKSPACE-dst" --cascade=foreground --timeout=3m\n',
          "",
        ),
        "document-incomplete",
        /delete pvc/,
        /first day/,
      ],
      [document("login-expired", "--sync ha", "--sync flux"), "login-not-stored", /flux/, /two logins/],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

it("names no Deployment to whoever looks for something else in a document", async () => {
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/games/ks.yaml": flux("games", "./kubernetes/apps/games/app"),
    "kubernetes/apps/games/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/games/app/destination.yaml": object(
      "ReplicationDestination",
      "chess",
      "games",
      { spec: { trigger: { manual: "once" }, restic: { repository: "chess" } } },
      "volsync.backube/v1alpha1",
    ),
    "kubernetes/apps/ai/volume-lost.md":
      "Then:\n\n```sh\nkubectl -n ai get replicationdestination studio-dst\n```\n",
  });
  expect(said.filter((one) => one.includes(" document-of-nothing: "))).toEqual([
    expect.stringMatching(/ReplicationDestination ai\/studio-dst, .* have no ReplicationDestination$/),
  ]);
});
