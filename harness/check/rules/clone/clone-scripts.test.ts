import { it } from "vitest";
import { expectSilence, secret } from "../test-check.ts";
import { asked, cloned, helper, made, place, script, usual } from "../test-script.ts";

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
[ ! -e "$d" ] || mv "$d" "$d.$(date +%s)"
find /data/workspace -maxdepth 1 -name '*.partial' -exec rm -rf {} +
git ${helper} clone "$REPOSITORY_URL" "$d.partial"
sync
mv "$d.partial" "$d"
`,
  "what was left emptied": `${place}if [ -d "$d/.git" ]; then exit 0; fi
[ ! -e "$d" ] || mv "$d" "$d.$(date +%s)"
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
  "a function that moves aside what it is given": `aside() {
  if [ -e "$1" ]; then
    mv "$1" "$1.aside.$(date +%s)"
  fi
}
${asked}aside "$d"
rm -rf "$d.partial"
git ${helper} clone "$REPOSITORY_URL" "$d.partial"
sync
mv "$d.partial" "$d"
`,
  "a pull that an if asks about, and a clone in a subshell": `${place}if [ -d "$d/.git" ]; then
  if ! git -C "$d" pull --ff-only; then echo "left as it is"; fi
  exit 0
fi
${cloned(`(cd /data/workspace && git ${helper} clone "$REPOSITORY_URL" "$d.partial")`)}`,
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
