import { expect, it } from "vitest";
import {
  added,
  beforeSync,
  both,
  type Edit,
  expectFound,
  expectSilence,
  expectTold,
  fluxRelease,
  type LoneMistake,
  lines,
  type Mistake,
  release,
  text,
} from "../test-check.ts";
import { checked, home, object, studio, toStudio } from "../test-other-home.ts";

const emptyDir = (path: string, name: string) =>
  text(
    release,
    "      tmp:\n        type: emptyDir\n",
    `      ${name}:
        type: emptyDir
        advancedMounts:
          opencode-ha:
            app:
              - path: ${path}
      tmp:
        type: emptyDir
`,
  );
const configuration =
  "              - path: /home/opencode/.config\n                subPath: opencode-config\n";
const data = "/home/opencode/.local/share/opencode";
const sweeping = (name: string, find: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: batch/v1
kind: CronJob
metadata: { name: ${name} }
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          affinity:
            podAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                - topologyKey: kubernetes.io/hostname
                  labelSelector: { matchLabels: { app.kubernetes.io/name: opencode-ha } }
          containers:
            - name: sweep
              image: docker.io/alpine/git:v2.49.1
              command: [sh, -c, "${find}"]
              volumeMounts: [{ name: data, mountPath: /data }]
          volumes: [{ name: data, persistentVolumeClaim: { claimName: opencode-ha } }]
`,
  );

const mistakes: LoneMistake[] = [
  {
    rule: "data-not-kept",
    title: "an emptyDir for the data",
    edit: text(release, "        existingClaim: opencode-ha\n", "        type: emptyDir\n"),
    line: /emptyDir/,
    message: /sessions and login .* are kept on emptyDir/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

/** Mistakes that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "what goes from the volume, or was never on it": [
    [
      beforeSync("find /data -type f -mtime +30 -delete"),
      "swept-by-age",
      /find \/data/,
      /removes what is old from \/data,/,
    ],
    [
      text(fluxRelease, 'echo "auth.json seeded"', "find . -atime +7 -print0 | xargs -0 rm -f"),
      "swept-by-age",
      /find \. -atime/,
      /from \/data\/opencode-data,/,
    ],
    [
      sweeping("sweep", "find /data/workspace -newermt 2020-01-01 -exec rm -rf {} +"),
      "swept-by-age",
      /find \/data\/workspace/,
      /CronJob sweep/,
    ],
    [text(release, configuration, ""), "settings-not-kept", /path: \/home\/opencode/, /ends with each pod/],
    [
      text(
        fluxRelease,
        "              HOME: /home/opencode\n              # The version",
        "              HOME: /home/opencode\n              XDG_CONFIG_HOME: /tmp/config\n              # The version",
      ),
      "settings-not-kept",
      /path: \/tmp/,
      /at \/tmp\/config/,
    ],
    [
      emptyDir(`${data}/snapshot`, "snapshot"),
      "data-covered",
      /opencode\/snapshot/,
      /snapshot of OpenCode's/,
    ],
    [
      text(
        release,
        "        # Always would make auth.json group-readable again at every start.\n        fsGroupChangePolicy: OnRootMismatch\n",
        "",
      ),
      "group-changed",
      /fsGroup: 1000/,
      /without fsGroupChangePolicy/,
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
  "what is removed by age of logs and caches, and what is only looked for": [
    beforeSync(
      lines(
        "find /data/opencode-data/log -type f -mtime +14 -delete",
        "find /data -maxdepth 3 -name '*.log' -mtime +14 -exec rm -f {} +",
        "find /tmp -mmin +60 -delete; find /data -mtime +30 -print; find /data -type d -empty -delete",
        "echo 'find /data -mtime +30 -delete'",
      ),
    ),
    sweeping("logs", "cd /data/opencode-data/log && find . -mtime +7 -delete"),
    sweeping("elsewhere", "find /var/lib -mtime +7 -delete"),
  ],
  "a configuration that comes otherwise, and volumes for what is made anew": [
    both(
      text(release, configuration, ""),
      text(
        release,
        'OPENCODE_DISABLE_AUTOUPDATE: "true"\n',
        'OPENCODE_DISABLE_AUTOUPDATE: "true"\n              OPENCODE_CONFIG_DIR: /workspace/.settings\n',
      ),
    ),
    text(
      fluxRelease,
      configuration,
      "              - path: /home/opencode/.config/opencode/agent\n                subPath: agents\n",
    ),
    text(fluxRelease, "/data/opencode-config", "/data/agents"),
    emptyDir(`${data}/log`, "log"),
    emptyDir(`${data}/bin`, "bin"),
    emptyDir("/workspace/home-assistant-config/node_modules", "modules"),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});

it("finds a container that keeps nothing, wherever its image has its home", async () => {
  const [app, ...beside] = studio.template.spec.containers;
  const spec = (volumeMounts: object[]) => ({
    ...studio.template.spec,
    containers: [{ ...app, volumeMounts }, ...beside],
  });
  const kept = async (volumeMounts: object[]) => {
    const template = { ...studio.template, spec: spec(volumeMounts) };
    const deployment = object("Deployment", "studio", "ai", { spec: { ...studio, template } }, "apps/v1");
    const { said } = await checked({
      ...home,
      ...toStudio({}),
      "kubernetes/apps/ai/app/deployment.yaml": deployment,
    });
    return said.filter((one) => one.includes(" data-not-kept: "));
  };
  expect(await kept([{ name: "data", mountPath: "/home/somebody" }])).toEqual([]);
  expect(await kept([])).toEqual([
    expect.stringMatching(/^error .*container of studio mounts no PersistentVolumeClaim/),
  ]);
});
