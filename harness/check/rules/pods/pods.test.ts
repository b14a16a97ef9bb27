import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "other-user",
    title: "no fsGroup",
    edit: text(release, "        fsGroup: 1000\n", ""),
    line: /securityContext/,
    message: /opencode-ha has no fsGroup/,
  },
  {
    rule: "secret-readable",
    title: "a Secret for everybody",
    edit: text(release, "defaultMode: 256", "defaultMode: 365"),
    line: /defaultMode: 365/,
    message: /with mode 0555/,
  },
  {
    rule: "image-unpinned",
    title: "the newest image",
    edit: text(release, "tag: 1.18.34", "tag: latest"),
    line: /tag: latest/,
    message: /container app of opencode-ha runs ghcr\.io\/anomalyco\/opencode:latest/,
  },
  {
    rule: "working-directory",
    title: "the directory above the clone",
    edit: text(release, "workingDir: /workspace/home-assistant-config", "workingDir: /workspace"),
    line: /workingDir: \/workspace$/,
    message: /starts in \/workspace, above its clone in \/workspace\/home-assistant-config/,
  },
  {
    rule: "login-mounted",
    title: "the Secret in auth.json's place",
    edit: text(
      release,
      "            seed-auth:\n              - path: /secrets/copilot\n                readOnly: true\n",
      "            seed-auth:\n              - path: /secrets/copilot\n                readOnly: true\n            app:\n              - path: /home/opencode/.local/share/opencode/auth.json\n                subPath: auth.json\n                readOnly: true\n",
    ),
    line: /auth\.json/,
    message: /auth\.json of opencode-ha is the Secret itself/,
  },
  {
    rule: "probe-refused",
    title: "a probe without the password",
    edit: text(release, "path: /site.webmanifest", "path: /app"),
    line: /path: \/app/,
    message: /startup probe of opencode-ha asks for \/app, which answers 401/,
  },
  {
    rule: "no-password",
    title: "no password",
    edit: text(release, "              OPENCODE_SERVER_PASSWORD:\n", "              OTHER:\n"),
    line: /env/,
    message: /opencode-ha has no password/,
  },
  {
    rule: "no-reload",
    title: "no annotation of Reloader",
    edit: text(release, 'reloader.stakater.com/auto: "true"', "a: b"),
    line: /opencode-ha:/,
    message: /Deployment opencode-ha has no annotation of Reloader/,
  },
  {
    rule: "no-reload",
    title: "Reloader's annotation on the HelmRelease",
    edit: (tree) => {
      tree.replaceText(release, 'reloader.stakater.com/auto: "true"', "a: b");
      tree.replaceText(
        release,
        "  namespace: opencode\nspec:",
        '  namespace: opencode\n  annotations: {reloader.stakater.com/auto: "true"}\nspec:',
      );
    },
    line: /opencode-ha:/,
    message: /annotation is on HelmRelease opencode-ha/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
