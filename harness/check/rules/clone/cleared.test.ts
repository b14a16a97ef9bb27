import { expect, it } from "vitest";
import { clears } from "./cleared.ts";

it.each([
  ['rm -rf "$repo.partial"', "$repo.partial"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
  ['rm -fr -- "${repo}.partial"', "$repo.partial"],
  ["mv $repo.partial $repo.old", "$repo.partial"],
  ['[ -e "$repo.partial" ] && rm --recursive --force "$repo.partial/"', "$repo.partial"],
  ["find /data/repo.partial -mindepth 1 -delete", "/data/repo.partial"],
  ["find /data -maxdepth 1 -name '*.partial' -exec rm -rf {} +", "/data/repo.partial"],
  ["rm -rf /data/*.partial", "/data/repo.partial"],
  ['rsync -a --delete /empty/ "$repo.partial/"', "$repo.partial"],
  ['rm -rf "$tmp"', "$tmp/repo"],
  ["python3 -c \"import shutil; shutil.rmtree('/data/repo.partial', True)\"", "/data/repo.partial"],
  ['git -C "$repo.partial" clean -ffdx', "$repo.partial"],
  ['gone() {\n  rm -rf "$1"\n}\ngone "$repo.partial"', "$repo.partial"],
  ['gone() { rm -rf "$1"; }\ngone "$repo.partial"', "$repo.partial"],
])("%s takes %s away", (part, place) => {
  expect(clears(part, place)).toBe(true);
});

it.each([
  ['# rm -rf "$repo.partial"', "$repo.partial"],
  ['rm -rf "$repo"', "$repo.partial"],
  ['rm -f "$repo.lock"', "$repo.partial"],
  ['mkdir -p "$repo.partial"', "$repo.partial"],
  ["rm -rf /data/*.old", "/data/repo.partial"],
  ['echo "rm -rf would be $repo.partial"', "$repo.partial"],
  ['told() { echo "$1"; }\ntold "$repo.partial"', "$repo.partial"],
])("%s does not take %s away", (part, place) => {
  expect(clears(part, place)).toBe(false);
});
