// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import {
  certificate,
  type Edit,
  expectFound,
  expectNothing,
  expectSilence,
  fluxRelease,
  ks,
  type Mistake,
  podOption,
  release,
  secret,
  seeding,
  substitute,
  text,
} from "../test-check.ts";

const cloned = '                  clone "$REPOSITORY_URL" "$repo.partial"\n';
const afterClone = (words: string, file = release) => text(file, cloned, cloned.replace("\n", `${words}\n`));
const modes = "chmod 600 auth.json auth.json.seeded";
const limit = (amount: string, file = release) =>
  text(
    file,
    "                memory: 1Gi\n",
    `                memory: 1Gi\n                ephemeral-storage: ${amount}\n`,
  );

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what is not started, not kept or another's": [
    "manifests",
    [
      [
        text(release, '[opencode, web, --hostname, 0.0.0.0, --port, "4096"]', '["opencode web --port 4096"]'),
        "no-such-program",
        /opencode web/,
        /\[opencode, web/,
      ],
      [
        podOption("tolerations: [{ operator: Exists }]"),
        "stays-on-lost-node",
        /tolerations/,
        /tolerationSeconds/,
      ],
      [
        text(release, "strategy: Recreate", "strategy: Recreate\n        replicas: 0"),
        "no-pods",
        /replicas: 0/,
        /nothing/,
      ],
      [
        text(
          release,
          '                if [ -d "$repo/.git" ]',
          '                rm -rf "$repo"\n                if [ -d "$repo/.git" ]',
        ),
        "work-destroyed",
        /rm -rf/,
        /removes/,
      ],
      [text(release, 'repo="/data/', 'repo="/tmp/'), "clone-not-kept", /clone/, /\/tmp\/workspace/],
      [
        text(release, "https://github.com/jbaker/home", "http://github.com/jbaker/home"),
        "clone-in-plain",
        /http:/,
        /https/,
      ],
      [
        text(release, "              HOME: /home/opencode\n              REP", "              REP"),
        "no-home",
        /env/,
        /git-clone/,
      ],
      [
        text(release, "cd /data/opencode-data\n", "cd /data/opencode-config\n"),
        "login-elsewhere",
        /cd \/data/,
        /opencode-data/,
      ],
      [text(release, "chmod 600 auth.json", "chmod 400 auth.json"), "login-read-only", /chmod 400/, /renew/],
      [
        text(
          release,
          "        controller: opencode-ha\n",
          "        controller: opencode-ha\n        type: NodePort\n",
        ),
        "service",
        /NodePort/,
        /TLS/,
      ],
      [
        text(
          release,
          "          - backendRefs:\n",
          "          - matches: [{ path: { type: Exact, value: / } }]\n            backendRefs:\n",
        ),
        "route-in-part",
        /matches/,
        /PathPrefix/,
      ],
      [
        text(secret, "key: OPENCODE_HA_COPILOT", "key: OPENCODE_FLUX_COPILOT"),
        "login-of-other",
        /FLUX/,
        /OPENCODE_HA_COPILOT/,
      ],
      [
        text(secret, "    creationPolicy: Owner\n", "    creationPolicy: Owner\n    immutable: true\n"),
        "never-refreshed",
        /immutable/,
        /30m/,
      ],
      [substitute("VOLSYNC_STORAGECLASS: ceph-blok"), "class-missing", /ceph-blok/, /ceph-block\?/],
      [
        text(ks, "  dependsOn:\n    - name: external-secrets-stores\n    - name: rook-ceph-cluster\n", ""),
        "waits-for-nobody",
        /spec/,
        /store/,
      ],
      [
        text(certificate, "*.opencode.", "*.opencodes."),
        "host-not-covered",
        /dnsNames/,
        /opencode-production has/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "other means to the same end": [
    "manifests",
    [
      text(
        release,
        'if [ -d "$repo/.git" ]; then',
        'if git -C "$repo" rev-parse --git-dir >/dev/null 2>&1; then',
      ),
      text(
        release,
        'reloader.stakater.com/auto: "true"',
        "secret.reloader.stakater.com/reload: opencode-ha-secret",
      ),
      (tree) =>
        tree.editObject({ kind: "Kustomization", name: "opencode-ha" }, (object) => {
          object.spec = { ...(object.spec as object), wait: true, healthChecks: undefined };
        }),
      text(
        certificate,
        '    - "*.opencode.${SECRET_DOMAIN}"',
        '    - flux.opencode.${SECRET_DOMAIN}\n    - "ha.opencode.${SECRET_DOMAIN}"',
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});

it("finds clones whose failure is passed over, and what is done to a database", () =>
  expectFound("manifests", [
    [
      text(
        release,
        '                rm -rf "$repo.partial"\n',
        '                rm -rf "$repo.partial"\n                set +e\n',
      ),
      "failure-ignored",
      /clone/,
      /set \+e stands before it/,
    ],
    [afterClone(" || true", fluxRelease), "failure-ignored", /clone/, /taken for good.*half of it/],
    [
      seeding("rm -f /data/opencode-data/*.db-wal"),
      "sessions-removed",
      /db-wal/,
      /journal has what was written last/,
    ],
    [seeding("rm -rf /data/opencode-*"), "sessions-removed", /rm -rf \/data\/opencode-\*/, /login/],
    [seeding("find . -name '*.db' -delete", fluxRelease), "sessions-removed", /find/, /all sessions/],
    [text(release, modes, "chmod 600 auth.json.seeded"), "login-copied-read-only", /cp /, /0400/],
    [limit("100Mi"), "scratch-small", /ephemeral-storage/, /evicts it/],
    [
      podOption("hostAliases: [{ ip: 127.0.0.1, hostnames: [api.githubcopilot.com] }]"),
      "host-alias",
      /hostAliases/,
      /nobody answers there/,
    ],
    [
      podOption("hostAliases: [{ ip: 10.0.0.9, hostnames: [github.com, nas.home.arpa] }]", fluxRelease),
      "host-alias",
      /hostAliases/,
      /10\.0\.0\.9 for github\.com/,
    ],
    [
      text(release, "type: RuntimeDefault", "type: Unconfined"),
      "unconfined",
      /seccompProfile/,
      /RuntimeDefault/,
    ],
  ]));

it("finds a clone that nobody waits for, and one in a pipe", () =>
  expectFound("manifests", [
    [afterClone(" &"), "failure-ignored", /clone/, /not waited for/],
    [afterClone(" 2>&1 | tee /tmp/clone.log", fluxRelease), "failure-ignored", /clone/, /end of its pipe/],
  ]));

it("has nothing against clones that are waited for, and files that go", () =>
  expectSilence("manifests", [
    afterClone(" &\n                wait $!"),
    afterClone(" >/tmp/clone.log 2>&1", fluxRelease),
    text(
      fluxRelease,
      '                rm -rf "$repo.partial"\n',
      '                set +e\n                rm -rf "$repo.partial"\n                set -e\n',
    ),
    seeding('rm -f opencode.db-shm /tmp/list.db; echo "rm opencode.db is nobody\'s"'),
    text(release, modes, 'chmod 600 "$PWD"/auth.json*'),
    text(fluxRelease, modes, "chmod -R go= ."),
    limit("4Gi"),
    podOption("hostAliases: [{ ip: 10.0.0.9, hostnames: [nas.home.arpa] }]"),
    text(
      release,
      '                rm -rf "$repo.partial"\n',
      '                rm -f "$HOME/.cache/index.db"\n                rm -rf "$repo.partial"\n',
    ),
    seeding("rm -rf /data/opencode-data/*.tmp /data/*.partial /data/workspace/*.old", fluxRelease),
    podOption(
      "hostAliases: [{ ip: 0.0.0.0, hostnames: [telemetry.individual.githubcopilot.com] }, { ip: 10.0.0.9, hostnames: [traces.lan] }]",
      fluxRelease,
    ),
    text(
      fluxRelease,
      '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n',
      '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n              TRACES: http://traces.lan:4318\n',
    ),
  ]));
