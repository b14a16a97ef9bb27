import { it } from "vitest";
import {
  beforeSync,
  both,
  type Edit,
  expectFound,
  expectSilence,
  fluxRelease,
  lines,
  type Mistake,
  release,
  text,
} from "../test-check.ts";
import { script } from "../test-script.ts";

/** The init container that fetches the library, with another script. */
const fetching = (script: string, file = release): Edit => {
  const begin = "                mkdir -p /data/opencode-lib\n                cd /data/opencode-lib\n";
  return text(file, begin, `${" ".repeat(16)}${script}\n${begin}`);
};
const fetched =
  'wget -q -O - "$LIBRARY_URL" | tar -xzO package/rust-pty/target/release/librust_pty_musl.so > "$lib.new"\n';
const library = "set -eu\nlib=/data/opencode-lib/librust_pty_musl.so\nmkdir -p /data/opencode-lib\n";
const proved = 'proved() { echo "$LIBRARY_SHA256  $1" | sha256sum -c >/dev/null 2>&1; }\n';

/** Mistakes that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
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
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
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

it.each([
  ["a library that is asked for first", `[ -s "$lib" ] && exit 0\n${fetched}`],
  ["a library that a function proves", `if proved "$lib"; then exit 0; fi\n${fetched}`],
])("has nothing against %s", { timeout: 120_000 }, (_, text) =>
  expectSilence("manifests", [
    script("terminal-library", `${library}${proved}${text}proved "$lib.new"\nmv "$lib.new" "$lib"\n`),
  ]),
);

/** The mistakes beside: each looks much like what is right. */
const beside: Record<string, Mistake[]> = {
  "logins and libraries": [
    [
      script(
        "seed-auth",
        'set -eu\numask 077\ncd /data/opencode-data\ncase "$HOME" in /*) ;; esac\nif [ -f auth.json ]; then exit 0; fi\ncat /secrets/copilot/auth.json > auth.json\n',
      ),
      "login-overwritten",
      /auth\.json/,
      /never writes auth\.json again/,
    ],
    [
      script("terminal-library", `${library}${fetched}mv "$lib.new" "$lib"\n`),
      "start-needs-outside",
      /wget/,
      /wget gets no answer/,
    ],
    [
      script(
        "terminal-library",
        `${library}${proved}[ -s "$lib" ] && exit 0\n${fetched}mv "$lib.new" "$lib"\n`,
        "opencode-flux",
      ),
      "download-unproved",
      /wget/,
      /asks for no digest/,
    ],
  ],
};

it.each(Object.entries(beside))("finds %s", { timeout: 120_000 }, (_, mistakes) =>
  expectFound("manifests", mistakes),
);
