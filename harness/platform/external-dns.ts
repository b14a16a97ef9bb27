import type { Component, PlatformInputs } from "./component.ts";
import { controller } from "./controller.ts";
import { networkNamespace } from "./envoy-gateway.ts";

/** Only what carries this is published. */
const filter = "external-dns.home.arpa/enabled in (true)";

/** The home cluster's external-dns: its sources, its filter, its policy. Its namespace is the gateway's. */
export const externalDns: Component = {
  name: "external-dns",
  objects: ({ images, domain }: PlatformInputs) =>
    controller({
      name: "external-dns",
      namespace: networkNamespace,
      image: images.externalDns,
      serves: ["externaldns.k8s.io", "gateway.networking.k8s.io"],
      args: [
        "--source=crd",
        "--source=ingress",
        "--source=gateway-httproute",
        "--policy=sync",
        "--registry=txt",
        `--domain-filter=${domain}`,
        `--annotation-filter=${filter}`,
        "--cloudflare-proxied",
        "--provider=webhook",
        // Answered by the recorder of records.
        "--webhook-provider-url=https://api.cloudflare.com",
        "--interval=1m",
        "--events",
        "--min-event-sync-interval=1s",
      ],
      ready: { path: "/healthz", port: 7979 },
    }),
  ledger: () => [
    {
      part: "external-dns",
      production:
        "external-dns 0.20 with its Cloudflare provider, which looks every minute and makes proxied records",
      here: "external-dns 0.21 with the home's sources, filter and policy, told of changes at once; its webhook provider keeps the records in the run",
      why: "nothing leaves the machine; 0.20 cannot be built without every provider's own library",
      hides: "what Cloudflare refuses, or its provider makes of a record (proxied, least TTL)",
    },
  ],
};
