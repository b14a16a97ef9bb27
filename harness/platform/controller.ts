import type { KubeObject } from "./component.ts";
import { onTheServer, smallRequests } from "./placement.ts";

export interface ControllerOptions {
  name: string;
  namespace: string;
  image: string;
  /**
   * API groups, or what they end in, whose kinds it watches: one that starts before its kinds are served gives up, and
   * is started again after ten seconds.
   */
  serves?: string[];
  /** In place of the image's entry point. */
  command?: string[];
  args?: string[];
  env?: object[];
  ports?: { name: string; containerPort: number }[];
  /** Path and port that answer 200 as soon as the controller works. */
  ready?: { path: string; port: number };
  volumeMounts?: object[];
  volumes?: object[];
  /** More containers beside the controller. */
  sidecars?: object[];
  securityContext?: object;
}

export function namespace(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** A controller as every operator is installed: its service account, its rights, its deployment on the server. */
export function controller(options: ControllerOptions): KubeObject[] {
  return [serviceAccount(options), clusterAdmin(options), deployment(options)];
}

const servesAnnotation = "opencode-harness/serves";

/** What `serves` said of this object. */
export function servedGroups({ metadata }: KubeObject): string[] {
  return metadata.annotations?.[servesAnnotation]?.split(",") ?? [];
}

function serviceAccount({ name, namespace }: ControllerOptions): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
}

function clusterAdmin({ name, namespace }: ControllerOptions): KubeObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: `${namespace}-${name}` },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", name, namespace }],
  };
}

function deployment(options: ControllerOptions): KubeObject {
  const { name, namespace, serves, volumes = [], sidecars = [] } = options;
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      namespace,
      labels,
      ...(serves ? { annotations: { [servesAnnotation]: serves.join() } } : {}),
    },
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...onTheServer,
          serviceAccountName: name,
          securityContext: options.securityContext ?? { runAsNonRoot: true, runAsUser: 65534, fsGroup: 1337 },
          containers: [container(options), ...sidecars],
          volumes,
        },
      },
    },
  };
}

function container(options: ControllerOptions): object {
  const { name, image, command, args = [], env = [], ports = [], volumeMounts = [], ready } = options;
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    ...(command ? { command } : {}),
    args,
    env,
    ports,
    volumeMounts,
    resources: smallRequests,
    ...(ready ? { readinessProbe: { httpGet: ready, periodSeconds: 1 } } : {}),
  };
}
