import { expect, it } from "vitest";
import { app, expectTold, type LoneMistake, release, source, text, told } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "secret-in-values",
    title: "a password that Helm copies",
    edit: text(
      release,
      "  values:\n",
      "  valuesFrom:\n    - kind: Secret\n      name: opencode-ha-secret\n      valuesKey: OPENCODE_SERVER_PASSWORD\n      targetPath: controllers.opencode-ha.containers.app.env.PW\n  values:\n",
    ),
    line: /valuesFrom/,
    message: /takes OPENCODE_SERVER_PASSWORD from Secret/,
  },
  {
    rule: "chart-version",
    title: "a chart that is not pinned",
    edit: text(`${app}/ocirepository.yaml`, "tag: 4.4.0", 'semver: ">=4.0.0"'),
    line: /semver:/,
    message: /takes whatever app-template is newest \(>=4\.0\.0\)/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

it("lets its owner judge a chart of any version within one major, and tells one without an end", async () => {
  const one = (semver: string) =>
    told("manifests", ["chart-version"], [text(source, "tag: 4.4.0", `semver: "${semver}"`)]);
  for (const range of ["4.x", "4.4.x", "~4.4.0", "^4.4"]) {
    expect.soft(await one(range)).toEqual([expect.stringMatching(/^warning: /)]);
  }
  for (const range of ["*", ">=4.4.0", "4.4.0 || 5.x"]) {
    expect.soft(await one(range)).toEqual([expect.stringMatching(/^error: /)]);
  }
});
