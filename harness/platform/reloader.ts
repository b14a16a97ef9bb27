import type { Component, PlatformInputs } from "./component.ts";
import { controller, namespace } from "./controller.ts";

const home = "reloader";

/** Restarts what uses a Secret or ConfigMap that has changed, with the defaults of its chart. */
export const reloader: Component = {
  name: "reloader",
  objects: ({ images }: PlatformInputs) => [
    namespace(home),
    ...controller({
      name: "reloader",
      namespace: home,
      image: images.reloader,
      ports: [{ name: "http", containerPort: 9090 }],
      ready: { path: "/metrics", port: 9090 },
    }),
  ],
  ledger: () => [
    {
      part: "Reloader",
      production: "stakater/Reloader 1.4 from its chart, with the values of the home",
      here: "one replica with its defaults; where no registry answers, a stand-in of the harness after its documentation and source",
      why: "it is not to be had as a package",
      hides:
        "with the stand-in: Jobs and CronJobs, pausing, alerts, CSI secrets, flags of the home's own, two replicas, and what its documentation does not say",
    },
  ],
};
