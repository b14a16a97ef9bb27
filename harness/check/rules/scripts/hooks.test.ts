import { it } from "vitest";
import { containerOption, expectFound, fluxRelease, type Mistake, release, text } from "../test-check.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what hooks and probes call": [
    "manifests",
    [
      [
        containerOption(
          "lifecycle: { postStart: { exec: { command: [sh, -c, 'git config --global user.name ha'] } }, preStop: { exec: { command: [curl, localhost] } } }",
        ),
        "hook-without-program",
        /postStart/,
        /postStart of opencode-ha runs git/,
      ],
      [() => {}, "hook-without-program", /preStop/, /runs curl.*nothing of it is done/],
      [
        text(
          fluxRelease,
          "                  httpGet:\n                    path: /site.webmanifest\n                    port: 4096\n                  failureThreshold: 3\n",
          "                  exec: { command: [curl, -f, http://localhost:4096/site.webmanifest] }\n                  failureThreshold: 3\n",
        ),
        "hook-without-program",
        /curl/,
        /readiness of opencode-flux runs curl.*never becomes Ready/,
      ],
      [text(fluxRelease, "- /bin/sh\n", "- /bin/bash\n"), "shell-missing", /bash/, /it never starts/],
      [
        text(
          release,
          '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n',
          '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n              NODE_TLS_REJECT_UNAUTHORIZED: "0"\n              OPENCODE_AUTH_CONTENT: "{}"\n',
        ),
        "variable-opens",
        /NODE_TLS/,
        /takes anybody for Copilot/,
      ],
      [() => {}, "variable-opens", /AUTH_CONTENT/, /in auth\.json's place/],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});
