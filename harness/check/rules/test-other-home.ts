import { directoryWith } from "../../gitops/test-directory.ts";
import { checkTree } from "../check-tree.ts";

/** One of Flux's Kustomizations. For tests, as all here. */
export const flux = (name: string, path: string, more: object = {}, source = "flux-system") =>
  JSON.stringify({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: "flux-system" },
    spec: { interval: "1h", path, prune: true, sourceRef: { kind: "GitRepository", name: source }, ...more },
  });

/** An object as a file of a tree has it. */
export const object = (
  kind: string,
  name: string,
  namespace: string | undefined,
  fields: object = {},
  group = "v1",
) =>
  JSON.stringify({
    apiVersion: group,
    kind,
    metadata: { name, ...(namespace ? { namespace } : {}) },
    ...fields,
  });

const claim = { persistentVolumeClaim: { claimName: "studio" } };
/** Its Deployment. */
export const studio = {
  replicas: 1,
  strategy: { type: "Recreate" },
  selector: { matchLabels: { app: "studio" } },
  template: {
    metadata: { labels: { app: "studio" } },
    spec: {
      securityContext: { runAsUser: 1111, runAsGroup: 1111, fsGroup: 1111 },
      initContainers: [
        {
          name: "clone",
          image: "alpine/git:2.49.1",
          command: ["sh", "-c", "git clone https://github.com/somebody/code /data/code"],
          envFrom: [{ secretRef: { name: "studio-token" } }],
          volumeMounts: [{ name: "data", mountPath: "/data" }],
        },
      ],
      containers: [
        {
          name: "app",
          image: "ghcr.io/somebody/opencode:1.18.18",
          args: ["serve"],
          envFrom: [{ secretRef: { name: "studio-token" } }],
          volumeMounts: [{ name: "data", mountPath: "/home/somebody" }],
        },
        { name: "docker", image: "docker:29-dind", securityContext: { privileged: true } },
      ],
      volumes: [{ name: "data", ...claim }],
    },
  },
};

/** A home of flux-operator, whose source and first Kustomization stand in no file below kubernetes/. */
export const home = {
  "kubernetes/apps/flux-system/instance.yaml": object(
    "FluxInstance",
    "flux",
    "flux-system",
    { spec: { sync: { kind: "GitRepository", path: "setup/flux" } } },
    "fluxcd.controlplane.io/v1",
  ),
  "setup/flux/apps.yaml": flux("apps", "./kubernetes/apps"),
  "kubernetes/apps/stores/ks.yaml": flux("vault", "./kubernetes/apps/stores/app", {
    targetNamespace: "secrets",
  }),
  "kubernetes/apps/stores/app/store.yaml": object(
    "ClusterSecretStore",
    "vault",
    undefined,
    { spec: { provider: { vault: { server: "https://vault.example" } } } },
    "external-secrets.io/v1",
  ),
  "kubernetes/apps/stores/kustomization.yaml": "resources: [./ks.yaml]\n",
  "kubernetes/apps/flux-system/kustomization.yaml": "resources: [./instance.yaml]\n",
};

/** A workspace in it. */
export const toStudio = (more: object, source?: string) => ({
  "kubernetes/apps/ai/ks.yaml": flux(
    "opencode",
    "./kubernetes/apps/ai/app",
    { targetNamespace: "ai", ...more },
    source,
  ),
  "kubernetes/apps/ai/kustomization.yaml": "resources: [./ks.yaml]\n",
  "kubernetes/apps/ai/app/namespace.yaml": object("Namespace", "ai", undefined),
  "kubernetes/apps/ai/app/deployment.yaml": object("Deployment", "studio", "ai", { spec: studio }, "apps/v1"),
  "kubernetes/apps/ai/app/claim.yaml": object("PersistentVolumeClaim", "studio", "ai", {
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "local-path",
      resources: { requests: { storage: "1Gi" } },
    },
  }),
});

/** What the check says of a home of these files, with severity and rule. */
export const checked = async (files: Record<string, string>) => {
  const { findings, home: found } = await checkTree({ manifests: await directoryWith(files) });
  const said = findings.map((one) => `${one.severity} ${one.id}: ${one.message} -> ${one.remedy}`);
  return { said, found };
};
