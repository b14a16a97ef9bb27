import type { Component, KeylessInputs, PlatformInputs } from "./component.ts";
import { controller, namespace } from "./controller.ts";
import { networkNamespace } from "./envoy-gateway.ts";

/** The home's external-dns, with its own sources, filters and policy; none where the home has none. */
export const externalDns: Component = {
  name: "external-dns",
  objects: ({ images, externalDns: home }: PlatformInputs) =>
    home === undefined
      ? []
      : [
          ...(home.namespace === networkNamespace ? [] : [namespace(home.namespace)]),
          ...controller({
            name: "external-dns",
            namespace: home.namespace,
            image: images.externalDns,
            serves: ["externaldns.k8s.io", "gateway.networking.k8s.io"],
            args: [
              ...home.args,
              "--provider=webhook",
              // Answered by the recorder of records.
              "--webhook-provider-url=https://api.cloudflare.com",
              "--interval=1m",
              "--events",
              "--min-event-sync-interval=1s",
            ],
            ready: { path: "/healthz", port: 7979 },
          }),
        ],
  ledger: ({ externalDns: home }: KeylessInputs) =>
    home === undefined
      ? []
      : [
          {
            part: "external-dns",
            production:
              "external-dns 0.20 with its Cloudflare provider, which looks every minute and makes proxied records",
            here: "external-dns 0.21 with the home's sources, filters and policy, told of changes at once; its webhook provider keeps the records in the run",
            why: "nothing leaves the machine; 0.20 cannot be built without every provider's own library",
            hides: "what Cloudflare refuses, or its provider makes of a record (proxied, least TTL)",
          },
        ],
};
