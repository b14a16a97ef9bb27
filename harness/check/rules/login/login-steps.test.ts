import { it } from "vitest";
import {
  type Edit,
  expectFound,
  expectSilence,
  fluxRelease,
  type Mistake,
  release,
  text,
} from "../test-check.ts";
import { script } from "../test-script.ts";

const newest = '[ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]';
const seeding = "                set -eu\n                umask 077\n";
const written = `cat /secrets/copilot/auth.json > auth.json.new
mv auth.json.new auth.json
echo "$sum" > .seeded
`;

/** Mistakes that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
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
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
  "a copy that is asked for, and a time beside a digest": [
    text(release, seeding, "                umask 077\n"),
    text(
      release,
      "cp /secrets/copilot/auth.json auth.json.new\n",
      "cp /secrets/copilot/auth.json auth.json.new || exit 1\n",
    ),
    text(fluxRelease, newest, `${newest} && [ ! auth.json.seeded -nt auth.json ]`),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});

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
