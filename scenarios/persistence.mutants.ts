import type { Mutant } from "../harness/index.ts";
import {
  app,
  clone,
  cloneAtEveryStart,
  cloneBy,
  cloneCheck,
  editRelease,
  inBoth,
  inValues,
  noPassword,
  replaceInBoth,
} from "./edits.ts";

const ready = "Flux reports everything Ready at the published revision";
const asked = "OpenCode answers 401 without the password and 200 with it";
const login = "auth.json is OpenCode's own, 600, and Copilot is connected";
const left = "a session and three kinds of work are left on the volume";

export const mutants: Mutant[] = [
  {
    name: "password-left-out",
    title: "OpenCode gets no password",
    overRunning: true,
    edit: noPassword,
    caughtBy: { step: asked, message: /answers 200 without a password, not 401/ },
  },
  {
    name: "other-user-name",
    title: "OpenCode wants another user name with the password",
    overRunning: true,
    edit: inValues(({ controllers }, workspace) => {
      Object.assign(controllers[workspace]?.containers.app?.env ?? {}, { OPENCODE_SERVER_USERNAME: "me" });
    }),
    caughtBy: { step: asked, message: /answers 401 with the password that the Deployment gets, not 200/ },
  },
  {
    name: "data-on-empty-dir",
    title: "the workspace's data is an emptyDir",
    pitfall: 6,
    edit: inValues(({ persistence }) => {
      const { existingClaim: _, ...data } = persistence.data;
      persistence.data = { ...data, type: "emptyDir" };
    }),
    caughtBy: { step: left, message: /is kept on emptyDir, not on a PersistentVolumeClaim/ },
  },
  {
    name: "auth-by-root",
    title: "auth.json is written by root with mode 0600",
    pitfall: 1,
    edit: inValues(({ controllers }, workspace) => {
      const seed = controllers[workspace]?.initContainers["seed-auth"];
      if (seed) seed.securityContext = { runAsUser: 0, runAsGroup: 0, runAsNonRoot: false };
    }),
    caughtBy: { step: login, message: /cannot read its auth\.json[\s\S]*Permission denied|owner 0:/ },
  },
  {
    name: "no-fs-group",
    title: "no fsGroup: the volume's root belongs to root",
    pitfall: 1,
    edit: inValues(({ defaultPodOptions }) => {
      delete defaultPodOptions.securityContext.fsGroup;
      delete defaultPodOptions.securityContext.fsGroupChangePolicy;
    }),
    caughtBy: { step: ready, message: /git-clone[\s\S]*Permission denied/ },
  },
  {
    name: "clone-at-every-start",
    title: "the repository is cloned anew whenever the pod starts",
    pitfall: 2,
    edit: cloneAtEveryStart,
    caughtBy: {
      step: "after the pod is deleted, session and work are there, byte for byte",
      message: /the last commit in the repository of opencode-(flux|ha) is not as it was left/,
    },
  },
  {
    name: "partial-clone",
    title: "the clone leaves out what is not checked out (--filter=blob:none)",
    pitfall: 2,
    edit: replaceInBoth(
      "helmrelease.yaml",
      'clone "$REPOSITORY_URL"',
      'clone --filter=blob:none "$REPOSITORY_URL"',
    ),
    caughtBy: {
      step: "each repository was cloned once",
      message: /the clone of opencode-(flux|ha) lacks \d+ objects? of its history/,
    },
  },
  {
    name: "cloned-twice",
    title: "the clone is tried out first, and then made",
    pitfall: 2,
    edit: cloneBy(clone, 'rm -rf "$repo.partial"', clone),
    caughtBy: {
      step: "each repository was cloned once",
      message: /github\.com served 2 clones of \S+, not one/,
    },
  },
  {
    name: "directory-instead-of-git",
    title: "the clone is taken for whole when its directory is there",
    pitfall: 2,
    edit: inBoth((tree, workspace) => {
      const release = `${app(workspace)}/helmrelease.yaml`;
      tree.replaceText(release, cloneCheck, 'if [ -d "$repo" ]; then');
      tree.replaceText(release, '"$repo.partial"', '"$repo"');
      tree.replaceText(release, 'mv "$repo" "$repo"', "true");
    }),
    caughtBy: {
      step: "a clone that was interrupted is made whole by the next pod",
      message: /after an interrupted clone .* is not a whole clone/,
    },
  },
  {
    name: "auth-seeded-at-every-start",
    title: "auth.json is copied from the Secret whenever the pod starts",
    pitfall: 10,
    edit: replaceInBoth(
      "helmrelease.yaml",
      `if [ -f auth.json ] && [ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]; then`,
      "if false; then",
    ),
    caughtBy: {
      step: "after the pod is deleted, auth.json is as before",
      message: /auth\.json of opencode-(flux|ha) is not the file that it was/,
    },
  },
  {
    name: "key-not-in-doppler",
    title: "a key is spelt otherwise in Doppler",
    pitfall: 7,
    edit: inBoth((tree, workspace) =>
      tree.editObject({ kind: "ExternalSecret", name: `${workspace}-secret` }, (object) => {
        const { data } = object.spec as { data: { remoteRef: { key: string } }[] };
        const [first] = data;
        if (first) first.remoteRef.key = first.remoteRef.key.replace("_PAT", "_TOKEN");
      }),
    ),
    caughtBy: { step: ready, message: /OPENCODE_(FLUX|HA)_GITHUB_TOKEN/ },
  },
  {
    name: "values-of-older-chart",
    title: "the volume is mounted as app-template wanted it two versions ago",
    pitfall: 12,
    edit: inValues(({ persistence }) => {
      const { advancedMounts: _, ...data } = persistence.data;
      persistence.data = { ...data, mountPath: "/data" };
    }),
    caughtBy: { step: ready, message: /mountPath/ },
  },
  {
    name: "other-data-directory",
    title: "the volume is mounted at another path than OpenCode's data directory",
    pitfall: 8,
    edit: replaceInBoth(
      "helmrelease.yaml",
      "path: /home/opencode/.local/share/opencode",
      "path: /home/opencode/.opencode",
    ),
    caughtBy: { step: login, message: /cannot read its auth\.json[\s\S]*No such file/ },
  },
  {
    name: "no-sub-path-directory",
    title: "the directories of the subPath mounts are not made",
    pitfall: 8,
    edit: replaceInBoth(
      "helmrelease.yaml",
      "mkdir -p /data/workspace /data/opencode-data /data/opencode-config\n",
      "true\n",
    ),
    caughtBy: { step: ready, message: /seed-auth[\s\S]*\/data\/opencode-data/ },
  },
  {
    name: "claim-by-helm-release",
    title: "the claim is made by the HelmRelease, and a forced upgrade replaces it",
    edit: inBoth((tree, workspace) => {
      tree.replaceText(`${app(workspace)}/kustomization.yaml`, "  - ../../../../templates/volsync\n", "");
      editRelease(tree, workspace, (release) => {
        const { persistence } = release.values;
        const { existingClaim: _, ...data } = persistence.data;
        persistence.data = {
          ...data,
          type: "persistentVolumeClaim",
          accessMode: "ReadWriteOnce",
          size: "5Gi",
        };
        release.upgrade = { force: true, remediation: { strategy: "uninstall", retries: 1 } };
      });
    }),
    caughtBy: {
      step: "after an upgrade of the HelmRelease through Git, a new pod is Ready on the same volume",
      message: /PersistentVolumeClaim "opencode-(flux|ha)" is invalid: spec: Forbidden: spec is immutable/,
    },
  },
];
