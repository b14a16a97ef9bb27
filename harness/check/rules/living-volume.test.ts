import { it } from "vitest";
import {
  added,
  beforeSync,
  type Edit,
  expectFound,
  expectSilence,
  type Mistake,
  release,
  text,
} from "./test-check.ts";

const fluxRelease = "kubernetes/apps/opencode/opencode-flux/app/helmrelease.yaml";

/** A script's line of several, as deep as it stands in the release. */
const lines = (...all: string[]) => all.join(`\n${" ".repeat(16)}`);
const isThere = 'echo "$repo is there, not cloned again"';
const aside = 'mv "$repo" "$repo.without-git.$(date +%s)"';
const both =
  (...edits: Edit[]): Edit =>
  (tree) => {
    for (const edit of edits) edit(tree);
  };
/** The init container that fetches the library, with another script. */
const fetching = (script: string, file = release): Edit => {
  const begin = "                mkdir -p /data/opencode-lib\n                cd /data/opencode-lib\n";
  return text(file, begin, `${" ".repeat(16)}${script}\n${begin}`);
};
const emptyDir = (path: string, name: string) =>
  text(
    release,
    "      tmp:\n        type: emptyDir\n",
    `      ${name}:
        type: emptyDir
        advancedMounts:
          opencode-ha:
            app:
              - path: ${path}
      tmp:
        type: emptyDir
`,
  );
const configuration =
  "              - path: /home/opencode/.config\n                subPath: opencode-config\n";
const data = "/home/opencode/.local/share/opencode";
const newest = '[ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]';
const seeding = "                set -eu\n                umask 077\n";
const sweeping = (name: string, find: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: batch/v1
kind: CronJob
metadata: { name: ${name} }
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: sweep
              image: docker.io/alpine/git:v2.49.1
              command: [sh, -c, "${find}"]
              volumeMounts: [{ name: data, mountPath: /data }]
          volumes: [{ name: data, persistentVolumeClaim: { claimName: opencode-ha } }]
`,
  );

/** Mistakes that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "what takes the work elsewhere, and one branch alone": [
    [
      text(release, isThere, 'git -C "$repo" checkout main'),
      "work-moved",
      /checkout main/,
      /ha runs git checkout .*leave the clone alone/,
    ],
    [
      text(fluxRelease, isThere, 'cd "$repo"; git -c core.pager=cat submodule --quiet update --init'),
      "work-moved",
      /submodule/,
      /flux runs git submodule --quiet update/,
    ],
    [text(release, aside, 'rm -rf "$repo"'), "work-removed", /rm -rf "\$repo"/, /mv "\/data\/workspace/],
    [text(fluxRelease, aside, 'rm -r -f "$repo/.git"'), "work-removed", /\.git/, /is gone/],
    [
      text(release, 'clone "$REPOSITORY_URL"', 'clone --branch main --single-branch "$REPOSITORY_URL"'),
      "one-branch",
      /--single-branch/,
      /no other can be checked out/,
    ],
  ],
  "a question without an end, and one for a file": [
    [
      text(release, `${isThere}\n                  exit 0\n`, `${isThere}\n`),
      "clone-in-any-case",
      /\.git/,
      /clones also where/,
    ],
    [
      beforeSync("git -C /data/workspace/home-assistant-config reset"),
      "work-moved",
      /reset/,
      /runs git reset on the clone/,
    ],
    [text(fluxRelease, '[ -d "$repo/.git" ]', '[ -f "$repo/.git" ]'), "clone-not-found", /-f/, /directory/],
  ],
  "what goes from the volume, or was never on it": [
    [
      beforeSync("find /data -type f -mtime +30 -delete"),
      "swept-by-age",
      /find \/data/,
      /removes what is old from \/data,/,
    ],
    [
      text(fluxRelease, 'echo "auth.json seeded"', "find . -atime +7 -print0 | xargs -0 rm -f"),
      "swept-by-age",
      /find \. -atime/,
      /from \/data\/opencode-data,/,
    ],
    [
      sweeping("sweep", "find /data/workspace -newermt 2020-01-01 -exec rm -rf {} +"),
      "swept-by-age",
      /find \/data\/workspace/,
      /CronJob sweep/,
    ],
    [text(release, configuration, ""), "settings-not-kept", /path: \/home\/opencode/, /ends with each pod/],
    [
      text(
        fluxRelease,
        "              HOME: /home/opencode\n              # The version",
        "              HOME: /home/opencode\n              XDG_CONFIG_HOME: /tmp/config\n              # The version",
      ),
      "settings-not-kept",
      /path: \/tmp/,
      /at \/tmp\/config/,
    ],
    [
      emptyDir(`${data}/snapshot`, "snapshot"),
      "data-covered",
      /opencode\/snapshot/,
      /snapshot of OpenCode's/,
    ],
    [
      text(
        release,
        "        # Always would make auth.json group-readable again at every start.\n        fsGroupChangePolicy: OnRootMismatch\n",
        "",
      ),
      "group-changed",
      /fsGroup: 1000/,
      /without fsGroupChangePolicy/,
    ],
  ],
  "how a login is compared and copied": [
    [
      text(release, seeding, "                umask 077\n"),
      "login-copy-unasked",
      / cp \/secrets/,
      /full volume/,
    ],
    [
      text(fluxRelease, newest, "[ auth.json -nt /secrets/copilot/auth.json ]"),
      "login-by-time",
      /-nt/,
      /by time/,
    ],
  ],
  "what a start asks of the world outside": [
    [
      both(
        text(release, ' > "$library.new" || true', ' > "$library.new"'),
        text(
          release,
          '                  echo "$library is there, kept"\n                  exit 0\n',
          "                  :\n",
        ),
      ),
      "start-needs-outside",
      /wget/,
      /ha ends where wget gets no answer/,
    ],
    [
      fetching("npm install --prefix /data/tools prettier", fluxRelease),
      "start-needs-outside",
      /npm/,
      /npm gets/,
    ],
    [
      text(
        release,
        'if echo "$LIBRARY_SHA256  $library.new" | sha256sum -c >/dev/null 2>&1; then',
        'if [ -s "$library.new" ]; then',
      ),
      "download-unproved",
      /wget/,
      /librust_pty_musl\.so/,
    ],
    [
      text(
        fluxRelease,
        'echo "auth.json seeded"',
        lines(
          "curl -fsSL https://example.org/tool.tgz -o /tmp/tool.tgz || exit 0",
          "tar -xzf /tmp/tool.tgz -C /data/tools",
          "chmod +x /data/tools/tool",
        ),
      ),
      "download-unproved",
      /curl/,
      /fetches \/data\/tools\/tool/,
    ],
  ],
  "a script that goes to a shell as it came": [
    [
      beforeSync("wget -qO- https://example.org/install | sh || true"),
      "download-unproved",
      /wget/,
      /a script/,
    ],
  ],
  "what git cleans": [
    [text(release, isThere, 'git -C "$repo" clean -d -f'), "work-destroyed", /clean/, /git clean -d -f/],
    [text(fluxRelease, isThere, 'git -C "$repo" clean -x --force'), "work-destroyed", /clean/, /--force/],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

const mended = (name: string) => `if [ -d "$repo/${name}" ]; then`;

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
  "what git reads and fetches of a clone that is there, and does to a new one": [
    text(
      release,
      isThere,
      lines(
        'git -C "$repo" config pull.rebase true; git -C "$repo" fetch --all || true',
        'git -C "$repo" branch --list; git -C "$repo" branch -u origin/main || true; git -C "$repo" clean -n -d',
        'echo "git checkout main, or git reset, is yours"',
      ),
    ),
    beforeSync(
      lines(
        'git -C "$repo.partial" checkout develop',
        'git -C "$repo.partial" submodule update --init --recursive',
        'cd "$repo.partial"; git branch -D main',
      ),
    ),
    text(fluxRelease, 'echo "$repo cloned"', 'git -C "$repo" switch develop; git -C "$repo" reset'),
    text(
      fluxRelease,
      isThere,
      'if [ -z "$(git -C "$repo" status --porcelain)" ]; then git -C "$repo" checkout main; fi',
    ),
  ],
  "what is done in one branch, and in a function that is asked for": [
    text(
      release,
      `${mended(".git")}\n                  ${isThere}\n                  exit 0\n                fi\n`,
      lines(
        "update() {",
        '  git -C "$repo" checkout main',
        "}",
        '[ -d "$repo/.git" ] && { echo "it is there"; exit 0; }',
        "",
      ),
    ),
    text(release, aside, 'rmdir "$repo"'),
    text(release, 'echo "$repo cloned"', 'git -C "$repo" checkout develop'),
    text(fluxRelease, aside, `${aside}; rm -rf "$repo"`),
    text(fluxRelease, 'clone "$REPOSITORY_URL"', 'clone --no-single-branch "$REPOSITORY_URL"'),
    text(
      fluxRelease,
      mended(".git"),
      '[ -d "$repo/.git" ] || rm -rf "$repo.partial"\n                if [ -d "$repo/.git" ]; then',
    ),
  ],
  "what is removed by age of logs and caches, and what is only looked for": [
    beforeSync(
      lines(
        "find /data/opencode-data/log -type f -mtime +14 -delete",
        "find /data -maxdepth 3 -name '*.log' -mtime +14 -exec rm -f {} +",
        "find /tmp -mmin +60 -delete; find /data -mtime +30 -print; find /data -type d -empty -delete",
        "echo 'find /data -mtime +30 -delete'",
      ),
    ),
    sweeping("logs", "cd /data/opencode-data/log && find . -mtime +7 -delete"),
    sweeping("elsewhere", "find /var/lib -mtime +7 -delete"),
  ],
  "a configuration that comes otherwise, and volumes for what is made anew": [
    both(
      text(release, configuration, ""),
      text(
        release,
        'OPENCODE_DISABLE_AUTOUPDATE: "true"\n',
        'OPENCODE_DISABLE_AUTOUPDATE: "true"\n              OPENCODE_CONFIG_DIR: /workspace/.settings\n',
      ),
    ),
    text(
      fluxRelease,
      configuration,
      "              - path: /home/opencode/.config/opencode/agent\n                subPath: agents\n",
    ),
    text(fluxRelease, "/data/opencode-config", "/data/agents"),
    emptyDir(`${data}/log`, "log"),
    emptyDir(`${data}/bin`, "bin"),
    emptyDir("/workspace/home-assistant-config/node_modules", "modules"),
  ],
  "a copy that is asked for, and a time beside a digest": [
    text(release, seeding, "                umask 077\n"),
    text(
      release,
      "cp /secrets/copilot/auth.json auth.json.new\n",
      "cp /secrets/copilot/auth.json auth.json.new || exit 1\n",
    ),
    text(fluxRelease, newest, `${newest} && [ ! auth.json.seeded -nt auth.json ]`),
  ],
  "what is fetched if it can be, from near by, and proved": [
    fetching(
      lines(
        "fetch() {",
        "  wget -q https://example.org/more",
        "}",
        "fetch || true",
        "if [ ! -d /data/tools ]; then npm install --prefix /data/tools prettier; fi",
        "if ! curl -fsS https://example.org/; then echo none; fi",
        "wget -q -O /tmp/there http://minio.storage.svc.cluster.local:9000/there",
        "curl -fsSLo /tmp/tool https://example.org/tool || exit 0",
        'echo "$LIBRARY_SHA256  /tmp/tool" | sha256sum -c || exit 0',
        "chmod +x /tmp/tool",
      ),
    ),
    fetching(
      lines(
        "wget -q -O /tmp/list.json https://example.org/list || true",
        "chmod +x /data/opencode-lib/hook || true",
      ),
      fluxRelease,
    ),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
