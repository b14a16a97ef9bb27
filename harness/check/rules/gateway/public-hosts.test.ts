import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "public-host",
    title: "the annotation by which external-dns publishes a host",
    edit: text(
      release,
      "      app:\n        hostnames:",
      '      app:\n        annotations:\n          external-dns.home.arpa/enabled: "true"\n        hostnames:',
    ),
    line: /external-dns\.home\.arpa/,
    message: /publish ha\.opencode\.angryninja\.cloud: everybody/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
