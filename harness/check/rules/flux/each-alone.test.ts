import { it } from "vitest";
import { expectFound, expectSilence, fluxRelease, ks, release, text } from "../test-check.ts";

const fluxKs = "kubernetes/apps/opencode/opencode-flux/ks.yaml";

const waits = (name: string) =>
  text(ks, "    - name: rook-ceph-cluster\n", `    - name: rook-ceph-cluster\n    - name: ${name}\n`);

it("finds what Flux and Helm are told, and does not show at the first start", () =>
  expectFound("manifests", [
    [
      text(release, "strategy: rollback", "strategy: uninstall"),
      "upgrade-stays-broken",
      /strategy: uninstall/,
      /uninstalled.*rollback/,
    ],
    [
      text(fluxRelease, "    cleanupOnFail: true\n", "    cleanupOnFail: true\n    timeout: 30s\n"),
      "flux-impatient",
      /timeout: 30s/,
      /each upgrade is taken back/,
    ],
    [
      text(fluxRelease, "  install:\n", "  install:\n    timeout: 10s\n"),
      "flux-impatient",
      /timeout: 10s/,
      /each install is taken back/,
    ],
    [waits("opencode-flux"), "waits-for-another", /name: opencode-flux/, /nothing of opencode-ha is applied/],
    [
      text(fluxKs, "  prune: true\n", "  prune: true\n  kubeConfig: { secretRef: { name: other } }\n"),
      "applied-elsewhere",
      /kubeConfig/,
      /another cluster/,
    ],
    [
      text(release, "    mode: enabled\n", "    mode: warn\n"),
      "drift-stays",
      /mode: warn/,
      /README\.md says/,
    ],
    [
      text(fluxRelease, "    mode: enabled\n", "    mode: enabled\n    ignore: [{ paths: [/spec] }]\n"),
      "drift-stays",
      /ignore/,
      /leaves all of it out/,
    ],
  ]));

it("has nothing against what is told otherwise, and is right", () =>
  expectSilence("manifests", [
    waits("opencode-certificate"),
    text(release, "    cleanupOnFail: true\n", "    cleanupOnFail: true\n    timeout: 10m\n"),
    text(fluxRelease, "  install:\n", "  timeout: 5m\n  install:\n"),
    text(
      fluxRelease,
      "    mode: enabled\n",
      "    mode: enabled\n    ignore: [{ paths: [/spec/replicas], target: { kind: Deployment } }]\n",
    ),
  ]));
