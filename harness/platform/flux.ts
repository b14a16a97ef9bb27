import type { Component, KubeObject, PlatformInputs } from "./component.ts";
import { type ControllerOptions, controller, namespace } from "./controller.ts";

const runtimeNamespace = {
  name: "RUNTIME_NAMESPACE",
  valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } },
};

/** As `flux install` sets them, but with shorter waits between attempts: a run must not sit out half minutes. */
const commonArgs = [
  "--watch-all-namespaces",
  "--log-level=info",
  "--log-encoding=json",
  "--enable-leader-election=false",
  "--events-addr=",
  "--concurrent=20",
  "--requeue-dependency=1s",
  "--min-retry-delay=250ms",
];

function fluxController(
  options: Pick<ControllerOptions, "name" | "image" | "ports" | "ready"> & { args: string[]; data?: boolean },
) {
  const { name, image, args, ports = [], ready = { path: "/readyz", port: 9440 }, data = false } = options;
  const scratch = data ? ["tmp", "data"] : ["tmp"];
  return controller({
    name,
    namespace: "flux-system",
    image,
    serves: ["toolkit.fluxcd.io"],
    args: [...commonArgs, ...args],
    env: [runtimeNamespace, { name: "TUF_ROOT", value: "/tmp/.sigstore" }],
    ports,
    ready,
    volumeMounts: scratch.map((name) => ({ name, mountPath: `/${name}` })),
    volumes: scratch.map((name) => ({ name, emptyDir: {} })),
  });
}

/** Where the other controllers fetch what the source controller has got. */
const artifacts: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "source-controller", namespace: "flux-system", labels: { app: "source-controller" } },
  spec: {
    selector: { app: "source-controller" },
    ports: [{ name: "http", port: 80, targetPort: "http" }],
  },
};

/** Flux 2.7: source, kustomize and helm controller. */
export const flux: Component = {
  name: "flux",
  objects: ({ images }: PlatformInputs) => [
    namespace("flux-system"),
    artifacts,
    ...fluxController({
      name: "source-controller",
      image: images.sourceController,
      args: [
        "--storage-path=/data",
        "--storage-adv-addr=source-controller.$(RUNTIME_NAMESPACE).svc.cluster.local.",
      ],
      ports: [{ name: "http", containerPort: 9090 }],
      ready: { path: "/", port: 9090 },
      data: true,
    }),
    ...fluxController({
      name: "kustomize-controller",
      image: images.kustomizeController,
      args: ["--concurrent-ssa=8", "--feature-gates=CancelHealthCheckOnNewRevision=true"],
    }),
    ...fluxController({ name: "helm-controller", image: images.helmController, args: [] }),
  ],
  ledger: () => [
    {
      part: "Flux controllers",
      production:
        "source, kustomize, helm and notification controller with leader election; a failed dependency is looked at again after 5 to 30 s",
      here: "source, kustomize and helm controller alone; dependencies are looked at again after 1 s, errors after 250 ms, and a new revision ends the health check of the one before it",
      why: "the notification controller is not to be had as a package; a run must not sit out the waits of a home cluster",
      hides: "alerts and receivers; how long a reconciliation takes at home",
    },
    {
      part: "rights of the platform's controllers",
      production: "a role of its own for each controller",
      here: "every platform controller is cluster-admin",
      why: "the rights of the platform are not what a run proves",
      hides: "a manifest that works only because a platform controller may do more than at home",
    },
  ],
};
