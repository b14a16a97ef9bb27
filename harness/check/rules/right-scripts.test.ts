// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell substitutes it, not JavaScript.
import { it } from "vitest";
import type { Tree } from "../../gitops/index.ts";
import { type Edit, expectFound, expectSilence, type Mistake, secret } from "./test-check.ts";

type Container = "git-clone" | "seed-auth" | "terminal-library";
interface Values {
  values: { controllers: Record<string, { initContainers: Record<Container, { command: string[] }> }> };
}

/** An init container of a workspace with another script. */
const script =
  (container: Container, text: string, name = "opencode-ha"): Edit =>
  (tree: Tree) =>
    tree.editObject({ kind: "HelmRelease", name }, (release) => {
      const { values } = release.spec as Values;
      const one = values.controllers[name]?.initContainers[container];
      if (one) one.command = ["/bin/sh", "-c", text];
    });

const made =
  'set -eu\nmkdir -p /data/workspace /data/opencode-data /data/opencode-config "$HOME/.local/share/opencode" "$HOME/.config"\n';
const helper =
  "-c credential.helper='!f() { echo username=x-access-token; echo \"password=$(cat /secrets/github/pat)\"; }; f'";
const place = "d=/data/workspace/home-assistant-config\n";
const asked = `${place}if [ -d "$d/.git" ]; then exit 0; fi\n`;
const cloned = (clone: string) => `[ ! -e "$d" ] || mv "$d" "$d.$(date +%s)"
rm -rf "$d.partial"
${clone}
sync
mv "$d.partial" "$d"
`;
const usual = cloned(`git ${helper} clone "$REPOSITORY_URL" "$d.partial"`);

const clones: Record<string, string> = {
  "quotes that end before the path does": `${place}if [ -d "$d"/.git ]; then
  echo kept
else
  if [ -e "$d" ]; then mv "$d" "$d".aside-"$(date +%s)"; fi
  rm -rf "$d".partial
  git ${helper} \\
    clone "$REPOSITORY_URL" "$d".partial
  sync
  mv "$d".partial "$d"
fi
`,
  "a question with ! before it, and a name without its end": `name=$(basename "$REPOSITORY_URL"); name=$\${name%.git}
d=/data/workspace/$name
if ! [ -d "$d/.git" ]; then
  if [ -e "$d" ]; then mv "$d" "$d.$(date +%s)"; fi
  rm -rf -- "$d.partial"
  git ${helper} clone "$REPOSITORY_URL" "$d.partial"
  sync
  mv -- "$d.partial" "$d"
else
  echo "$d is left as it is"
fi
`,
  "words about a clone beside the question for it": `${place}[ -d "$d/.git" ] && { echo "There is a clone in $d; it's left alone."; exit 0; }
${usual}`,
  "a mark that a clone is whole": `${place}if [ -f "$d/.git/is-whole" ]; then exit 0; fi
if [ -e "$d" ]; then mv "$d" "$d.aside.$(date +%s)"; fi
git ${helper} clone "$REPOSITORY_URL" "$d"
sync
touch "$d/.git/is-whole"
`,
  "a mark that a clone is whole, asked for after the clone": `${place}if [ -d "$d/.git" ] && [ -f "$d/.git/is-whole" ]; then exit 0; fi
if [ -e "$d" ]; then mv "$d" "$d.aside.$(date +%s)"; fi
git ${helper} clone "$REPOSITORY_URL" "$d"
sync
touch "$d/.git/is-whole"
`,
  "what was left found by its name": `${place}if [ -d "$d/.git" ]; then exit 0; fi
find /data/workspace -maxdepth 1 -name '*.partial' -exec rm -rf {} +
git ${helper} clone "$REPOSITORY_URL" "$d.partial"
sync
mv "$d.partial" "$d"
`,
  "what was left emptied": `${place}if [ -d "$d/.git" ]; then exit 0; fi
if [ -d "$d.partial" ]; then find "$d.partial" -mindepth 1 -delete; fi
git ${helper} clone "$REPOSITORY_URL" "$d.partial"
sync
mv "$d.partial" "$d"
`,
  "a place that is gone with the pod": `${place}if [ -d "$d/.git" ]; then exit 0; fi
if [ -e "$d" ]; then mv "$d" "$d.aside.$(date +%s)"; fi
git ${helper} clone "$REPOSITORY_URL" /tmp/clone
cp -a /tmp/clone "$d.new.$$"
sync
mv "$d.new.$$" "$d"
`,
  "functions, the clone in the first of them": `fetch() {
  rm -rf "$1.partial"
  git ${helper} clone "$REPOSITORY_URL" "$1.partial"
  sync
  mv "$1.partial" "$1"
}
${asked}[ ! -e "$d" ] || mv "$d" "$d.$(date +%s)"
fetch "$d"
`,
  "a pull that may fail, and another repository beside": `${place}if [ -d "$d/.git" ]; then
  git -C "$d" pull --ff-only 2>/dev/null || true
else
  [ ! -e "$d" ] || mv "$d" "$d.$(date +%s)"
  rm -rf "$d.partial"
  git ${helper} clone "$REPOSITORY_URL" "$d.partial"
  sync
  mv "$d.partial" "$d"
fi
if [ ! -d "$d-beside/.git" ]; then
  rm -rf "$d-beside.partial"
  git ${helper} clone "https://github.com/$OWNER/$(cat /data/beside)" "$d-beside.partial"
  sync
  mv "$d-beside.partial" "$d-beside"
fi
`,
  "an answer for git, from a function": `${asked}answer() {
  printf 'protocol=https\\nhost=github.com\\nusername=x-access-token\\npassword=%s\\n' "$(cat /secrets/github/pat)"
}
git config --global credential.helper 'cache --timeout=600'
answer | git credential approve
${cloned('git clone "$REPOSITORY_URL" "$d.partial"')}`,
  "a file of settings with the token, for as long as git runs": `umask 077
${asked}basic=$(printf 'x-access-token:%s' "$(cat /secrets/github/pat)" | base64 | tr -d '\\n')
printf '[http "https://github.com/"]\\n\\textraHeader = Authorization: Basic %s\\n' "$basic" > /tmp/gitconfig
${cloned('GIT_CONFIG_GLOBAL=/tmp/gitconfig git clone "$REPOSITORY_URL" "$d.partial"')}rm -f /tmp/gitconfig
`,
};

it.each(Object.entries(clones))("has nothing against %s", { timeout: 120_000 }, (_, text) =>
  expectSilence("manifests", [script("git-clone", made + text)]),
);

it("has nothing against credentials that git reads from the Secret's own file", () =>
  expectSilence("manifests", [
    script(
      "git-clone",
      `${made}${asked}${cloned(`git -c credential.helper='store --file=/secrets/github/pat' clone "$REPOSITORY_URL" "$d.partial"`)}`,
    ),
    (tree) =>
      tree.replaceText(
        secret,
        '"{{ .OPENCODE_HA_GITHUB_PAT }}"',
        '"https://x-access-token:{{ .OPENCODE_HA_GITHUB_PAT }}@github.com"',
      ),
  ]));

const written = `cat /secrets/copilot/auth.json > auth.json.new
mv auth.json.new auth.json
echo "$sum" > .seeded
`;
const seeds: Record<string, string> = {
  "a digest that grep looks for": `sum=$(sha256sum < /secrets/copilot/auth.json)
if [ -f auth.json ] && grep -qxF "$sum" .seeded 2>/dev/null; then exit 0; fi
${written}`,
  "a digest that case compares": `sum=$(sha256sum < /secrets/copilot/auth.json)
had=""
if [ -e .seeded ]; then had="$(cat .seeded)"; fi
case "$sum" in
  "$had") [ -e auth.json ] && exit 0 ;;
esac
${written}`,
  "a file of digests, asked for with more options": `sum=$(sha256sum /secrets/copilot/auth.json)
if [ -f auth.json ] && sha256sum -s -c .seeded; then exit 0; fi
${written}`,
};

it.each(Object.entries(seeds))("has nothing against %s", { timeout: 120_000 }, (_, text) =>
  expectSilence("manifests", [script("seed-auth", `set -eu\numask 077\ncd /data/opencode-data\n${text}`)]),
);

const fetched =
  'wget -q -O - "$LIBRARY_URL" | tar -xzO package/rust-pty/target/release/librust_pty_musl.so > "$lib.new"\n';
const library = "set -eu\nlib=/data/opencode-lib/librust_pty_musl.so\nmkdir -p /data/opencode-lib\n";
const proved = 'proved() { echo "$LIBRARY_SHA256  $1" | sha256sum -c >/dev/null 2>&1; }\n';

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
  "clones that are in their own way, or are nowhere": [
    [
      script("git-clone", `${made}${asked}${usual.replace('rm -rf "$d.partial"\n', "")}`),
      "interrupted-clone",
      /clone/,
      /which nothing removes before/,
    ],
    [
      script(
        "git-clone",
        `${made}${asked}git ${helper} clone "$REPOSITORY_URL" "$d".partial\n`,
        "opencode-flux",
      ),
      "interrupted-clone",
      /clone/,
      /leaves it there/,
    ],
  ],
  "clones in any case": [
    [
      script("git-clone", `${made}${asked.replace("exit 0", 'echo "a clone is there"')}${usual}`),
      "clone-in-any-case",
      /\.git/,
      /only says so/,
    ],
    [
      script(
        "git-clone",
        `${made}${asked}answer() {\n  printf 'password=%s\\n' "$(cat /secrets/github/pat)"\n}\nanswer\n${usual}`,
        "opencode-flux",
      ),
      "secret-printed",
      /password/,
      /prints a secret \(printf/,
    ],
  ],
  "tokens that are left and told": [
    [
      script(
        "git-clone",
        `${made}${asked}${cloned(`git -c credential.helper='store --file=/data/workspace/credentials' clone "$REPOSITORY_URL" "$d.partial"`)}`,
      ),
      "credentials-left",
      /store/,
      /leaves the token/,
    ],
    [
      script(
        "git-clone",
        `${made}${asked}basic=$(base64 < /secrets/github/pat)\n${cloned(`git -c http.extraHeader="Authorization: Basic $basic" clone "$REPOSITORY_URL" "$d.partial"`)}`,
        "opencode-flux",
      ),
      "token-as-argument",
      /extraHeader/,
      /command line/,
    ],
  ],
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
