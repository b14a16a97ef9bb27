import type { Mutant } from "../harness/index.ts";
import { addManifest, app, inBoth, inReleases, replaceInBoth, secretsElsewhere } from "./edits.ts";

const ready = "Flux reports everything Ready, and each Secret has one owner";
const rotation =
  "values that rotate come within their interval, and Reloader restarts the one workspace, once";

const annotation = `        annotations:
          # Pitfall 11: a new token in Doppler restarts the pod without a human hand.
          reloader.stakater.com/auto: "true"
`;
const notRestarted = /Reloader should restart opencode-(flux|ha), whose Secret has changed, and does not/;
const notBrought = /External Secrets should bring new values of opencode-(flux|ha) within its interval/;

const inExternalSecret = (from: string, to: string) => replaceInBoth("externalsecret.yaml", from, to);

export const mutants: Mutant[] = [
  {
    name: "no-reloader-annotation",
    title: "nobody tells Reloader to restart the workspaces",
    pitfall: 11,
    overRunning: true,
    edit: replaceInBoth("helmrelease.yaml", annotation, ""),
    caughtBy: { step: rotation, message: notRestarted },
  },
  {
    name: "annotation-on-the-service",
    title: "the annotation for Reloader is on the Service, where Reloader does not look",
    pitfall: 11,
    overRunning: true,
    edit: inReleases(({ values }, workspace) => {
      const controller = values.controllers[workspace] as { annotations?: object } | undefined;
      const service = (values as { service?: Record<string, { annotations?: object }> }).service?.app;
      if (!controller?.annotations || !service) throw new Error("no annotations, or no Service");
      service.annotations = controller.annotations;
      delete controller.annotations;
    }),
    caughtBy: { step: rotation, message: notRestarted },
  },
  {
    name: "restarted-by-the-other",
    title: "the annotation for Reloader names both workspaces' Secrets",
    pitfall: 11,
    overRunning: true,
    edit: replaceInBoth(
      "helmrelease.yaml",
      'reloader.stakater.com/auto: "true"',
      'secret.reloader.stakater.com/reload: "opencode-.*-secret"',
    ),
    caughtBy: {
      step: rotation,
      message:
        /opencode-(flux|ha) should be restarted not at all when the Secret of opencode-(flux|ha) changes, and was once/,
    },
  },
  {
    name: "created-once",
    title: "the ExternalSecret fetches its values once, and never again",
    pitfall: 11,
    overRunning: true,
    edit: inExternalSecret(
      "  refreshInterval: 30m\n",
      "  refreshInterval: 30m\n  refreshPolicy: CreatedOnce\n",
    ),
    caughtBy: { step: rotation, message: notBrought },
  },
  {
    name: "refresh-interval-0",
    title: "the ExternalSecret never looks again (refreshInterval: 0)",
    pitfall: 11,
    overRunning: true,
    edit: inExternalSecret("  refreshInterval: 30m\n", '  refreshInterval: "0"\n'),
    caughtBy: { step: rotation, message: notBrought },
  },
  {
    name: "creation-policy-merge",
    title: "the ExternalSecret waits for a Secret that somebody else makes (creationPolicy: Merge)",
    pitfall: 10,
    edit: inExternalSecret("creationPolicy: Owner", "creationPolicy: Merge"),
    caughtBy: {
      step: ready,
      message: /secret "opencode-(flux|ha)-secret" not found there: .* makes none \(creationPolicy: Merge\)/,
    },
  },
  {
    name: "two-owners",
    title: "a second ExternalSecret makes the same Secret",
    pitfall: 10,
    overRunning: true,
    edit: inBoth((tree, workspace) => {
      const first = tree.text(`${app(workspace)}/externalsecret.yaml`);
      const second = first.replace(`name: ${workspace}-secret`, `name: ${workspace}-copilot`);
      addManifest(tree, workspace, "copilot.yaml", second);
    }),
    caughtBy: { step: ready, message: /should have one owner, and the ExternalSecrets .* all make it/ },
  },
  {
    name: "wrong-key-case",
    title: "the keys of Doppler are written in small letters",
    pitfall: 7,
    edit: inBoth((tree, workspace) =>
      tree.editObject({ kind: "ExternalSecret", name: `${workspace}-secret` }, (object) => {
        const { data } = object.spec as { data: { remoteRef: { key: string } }[] };
        for (const { remoteRef } of data) remoteRef.key = remoteRef.key.toLowerCase();
      }),
    ),
    caughtBy: { step: ready, message: /\(key: opencode_\w+\)/ },
  },
  {
    name: "secret-elsewhere",
    title: "the ExternalSecrets make their Secrets in namespace network",
    pitfall: 5,
    edit: secretsElsewhere,
    caughtBy: { step: ready, message: /makes it in another namespace/ },
  },
];
