import { it } from "vitest";
import { type Edit, expectFound, expectSilence, podOption, release, text } from "./test-check.ts";

const fluxRelease = "kubernetes/apps/opencode/opencode-flux/app/helmrelease.yaml";
const cloned = '                  clone "$REPOSITORY_URL" "$repo.partial"\n';
const afterClone = (words: string, file = release) => text(file, cloned, cloned.replace("\n", `${words}\n`));
const seeding = (line: string, file = release): Edit =>
  text(file, "                umask 077\n", `                umask 077\n                ${line}\n`);
const modes = "chmod 600 auth.json auth.json.seeded";
const limit = (amount: string, file = release) =>
  text(
    file,
    "                memory: 1Gi\n",
    `                memory: 1Gi\n                ephemeral-storage: ${amount}\n`,
  );

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

it("finds a step that begins again whenever it is done", () =>
  expectFound("manifests", [
    [
      text(
        release,
        "            dependsOn: git-clone\n",
        "            dependsOn: git-clone\n            restartPolicy: Always\n",
      ),
      "never-done",
      /restartPolicy: Always/,
      /nobody waits until it is done/,
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
  ]));
