import { expect, it } from "vitest";
import { expectFound, type Mistake, release, text } from "../test-check.ts";
import { checked, home, object, studio, toStudio } from "../test-other-home.ts";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "directories that are root's": [
    "manifests",
    [
      [
        text(release, '                mkdir -p "$HOME/.local/share/opencode" "$HOME/.config"\n', ""),
        "mount-point-of-root",
        /home:/,
        /\/home\/opencode\/\.local of opencode-ha.*state/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

it("asks for directories of mounts where their user is not root", async () => {
  const unmade = async (runAsUser: number) => {
    const [app, ...beside] = studio.template.spec.containers;
    const volumeMounts = [{ name: "data", mountPath: "/home/somebody", subPath: "home" }];
    const spec = {
      ...studio.template.spec,
      securityContext: { runAsUser, runAsGroup: runAsUser, fsGroup: runAsUser },
      containers: [{ ...app, volumeMounts }, ...beside],
    };
    const template = { ...studio.template, spec };
    const { said } = await checked({
      ...home,
      ...toStudio({}),
      "kubernetes/apps/ai/app/deployment.yaml": object(
        "Deployment",
        "studio",
        "ai",
        { spec: { ...studio, template } },
        "apps/v1",
      ),
    });
    return said.filter((one) => one.includes(" directory-unmade: "));
  };
  expect(await unmade(0)).toEqual([]);
  expect(await unmade(1000)).toEqual([expect.stringMatching(/makes home on the volume/)]);
});
