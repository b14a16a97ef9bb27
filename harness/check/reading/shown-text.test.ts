// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell substitutes it, not JavaScript.
import { expect, it } from "vitest";
import { shownIn } from "./shown-text.ts";

const isShown = (line: string) => shownIn(line).some((part) => /secret|\$\{?TOKEN\b/i.test(part));

it.each([
  "cat /secret",
  "  then cat /secret",
  "[ -f x ] && cat /secret",
  "if [ -f x ]; then cat < /secret; fi",
  'echo "token $(cat /secret)"',
  'echo "token $(cut -c1-60 /secret)"',
  'echo "a; b | $(head -c 40 /secret | base64)"',
  "echo `cat /secret`",
  "echo $(< /secret)",
  'printf %s "$TOKEN"',
  'printf "%s" "${TOKEN:-none}" >&2',
  "cat /secret | tee -a /dev/stderr",
  'echo "$TOKEN" | base64',
  "/bin/cat /secret 2>/dev/null",
  "base64 < /secret",
  "tr -d '' < /secret",
  "grep ghp /secret",
  'echo "$(echo "$(cat /secret)")"',
  "dd if=/secret",
  "{ cat /secret; }",
  "(cat /secret)",
])("shows a secret: %s", (line) => {
  expect(isShown(line)).toBe(true);
});

it.each([
  "cat /secret > file",
  "cat /secret >>file",
  'token="$(cat /secret)"',
  "token=$(sha256sum < /secret)",
  "token=$(cat /secret) program",
  "export TOKEN=$(cat /secret)",
  'echo "$TOKEN" > file',
  'echo "$TOKEN" | gh auth login --with-token',
  "cat /secret | sha256sum | cut -c1-64",
  'echo "$(sha256sum < /secret)"',
  'echo "$(wc -c < /secret) bytes"',
  'echo "${TOKEN:+it is there}"',
  "echo ${#TOKEN}",
  "echo /secret is there",
  "grep -q ghp /secret",
  "if grep -c . /secret; then",
  "head -c 4 /secret",
  "cut -c 1-4 /secret",
  "test -s /secret && echo there || echo missing",
  "curl --header @/secret https://example.org",
  "tr '' '' < /secret",
  "cat /secret &> file",
  "cp /secret file",
])("shows none: %s", (line) => {
  expect(isShown(line)).toBe(false);
});
