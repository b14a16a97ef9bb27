import { gatewayNodePorts } from "../cluster/index.ts";
import type { Component, GatewayInputs, KubeObject, PlatformInputs } from "./component.ts";
import { controller, namespace } from "./controller.ts";
import { onTheServer, smallRequests } from "./placement.ts";

/** Namespace of the gateway in the home cluster; Envoy Gateway lives there too. */
export const networkNamespace = "network";
const name = "envoy-gateway";

/** What the names in the control plane's certificates end with. */
export const controlPlaneNames = [name, networkNamespace, "svc", "cluster.local"];

/** Envoy Gateway 1.7. The class and its gateways are the home's. */
export const envoyGateway: Component = {
  name: "envoy-gateway",
  objects: ({ images, gateways, gatewayDeploy }: PlatformInputs) => [
    namespace(networkNamespace),
    config(images.envoyGateway, gatewayDeploy),
    xds,
    ...controller({
      name,
      namespace: networkNamespace,
      image: images.envoyGateway,
      serves: ["gateway.networking.k8s.io", "gateway.envoyproxy.io"],
      args: ["server", "--config-path=/config/envoy-gateway.yaml"],
      env: [
        { name: "ENVOY_GATEWAY_NAMESPACE", value: networkNamespace },
        { name: "KUBERNETES_CLUSTER_DOMAIN", value: "cluster.local" },
      ],
      ready: { path: "/readyz", port: 8081 },
      securityContext: { runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532 },
      volumeMounts: [
        { name: "config", mountPath: "/config", readOnly: true },
        { name: "certs", mountPath: "/certs", readOnly: true },
      ],
      volumes: [
        { name: "config", configMap: { name: "envoy-gateway-config" } },
        { name: "certs", secret: { secretName: name } },
      ],
    }),
    ...gateways.slice(0, 1).map((gateway) => entrance(gateway, gatewayDeploy)),
  ],
  secrets: async ({ authority }: PlatformInputs) => {
    const server = [name, `${name}.${networkNamespace}`, `${name}.${networkNamespace}.svc`];
    return Promise.all([
      controlPlaneCertificate(authority, name, [...server, `${server[2]}.cluster.local`]),
      controlPlaneCertificate(authority, "envoy", [`*.${networkNamespace}`]),
    ]);
  },
  ledger: () => [
    {
      part: "Envoy Gateway",
      production:
        "the chart, with a job that makes the control plane's certificates and a webhook that tells Envoy its zone",
      here: "the same controller without the webhook; the harness's CA signs the control plane's certificates",
      why: "neither job nor webhook has to be waited for",
      hides: "renewal of those certificates; routing by zone",
    },
    {
      part: "Envoy's probes",
      production: "every 5 to 10 s",
      here: "every second",
      why: "a start must not wait for the next question",
      hides: "seconds of a gateway's start at home",
    },
    {
      part: "the gateway's Service",
      production: "LoadBalancer with an address of the home network and externalTrafficPolicy Local",
      here: `a Service of the harness beside it, NodePort ${gatewayNodePorts.https} and ${gatewayNodePorts.http} with externalTrafficPolicy Cluster; one Envoy, on the server node`,
      why: "there is no load balancer, and tests must enter through a port of the server node",
      hides: "whether the client's address reaches the application; a gateway that moves to another node",
    },
  ],
};

function config(image: string, deploy: PlatformInputs["gatewayDeploy"]): KubeObject {
  const document = {
    apiVersion: "gateway.envoyproxy.io/v1alpha1",
    kind: "EnvoyGateway",
    gateway: { controllerName: "gateway.envoyproxy.io/gatewayclass-controller" },
    logging: { level: { default: "info" } },
    provider: {
      type: "Kubernetes",
      kubernetes: {
        ...(deploy ? { deploy } : {}),
        leaderElection: { disable: true },
        shutdownManager: { image },
        proxyTopologyInjector: { disabled: true },
      },
    },
  };
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "envoy-gateway-config", namespace: networkNamespace },
    // JSON is YAML, and the same bytes every time.
    data: { "envoy-gateway.yaml": JSON.stringify(document) },
  };
}

/** Where Envoy gets its configuration from. */
const xds: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: networkNamespace, labels: { "control-plane": name } },
  spec: {
    selector: { app: name },
    ports: [18000, 18001, 18002, 19001].map((port) => ({ name: `port-${port}`, port, targetPort: port })),
  },
};

/** Upstream asks every 10 s, so that an Envoy which is not ready at the first question waits for the second. */
const eagerProbes = {
  spec: {
    template: {
      spec: {
        containers: ["envoy", "shutdown-manager"].map((name) => ({
          name,
          startupProbe: { periodSeconds: 1, failureThreshold: 300 },
          readinessProbe: { periodSeconds: 1, failureThreshold: 5 },
        })),
      },
    },
  },
};

/** What an EnvoyProxy of the home becomes: merged into its spec, all else stays as it stands. */
export function envoyProxyHere({ images }: Pick<PlatformInputs, "images">): {
  kind: string;
  [field: string]: unknown;
} {
  return {
    kind: "EnvoyProxy",
    metadata: { name: "any" },
    spec: {
      provider: {
        type: "Kubernetes",
        kubernetes: {
          envoyDeployment: {
            replicas: 1,
            container: { image: images.envoy, resources: smallRequests },
            pod: onTheServer,
            patch: { type: "StrategicMerge", value: eagerProbes },
          },
          envoyService: { type: "NodePort", externalTrafficPolicy: "Cluster" },
        },
      },
    },
  };
}

/** Where listeners' ports below 1024 are in Envoy's container: Envoy Gateway adds this to them. */
const unprivilegedOffset = 10_000;

/** The way from outside of the cluster to a gateway's Envoy, on ports that are known beforehand. */
function entrance({ namespace, name }: GatewayInputs, deploy: PlatformInputs["gatewayDeploy"]): KubeObject {
  const ports = [
    { name: "http", port: 80, nodePort: gatewayNodePorts.http },
    { name: "https", port: 443, nodePort: gatewayNodePorts.https },
  ];
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "harness-entrance",
      namespace: deploy?.type === "GatewayNamespace" ? namespace : networkNamespace,
    },
    spec: {
      type: "NodePort",
      externalTrafficPolicy: "Cluster",
      selector: {
        "gateway.envoyproxy.io/owning-gateway-name": name,
        "gateway.envoyproxy.io/owning-gateway-namespace": namespace,
      },
      ports: ports.map((one) => ({ ...one, targetPort: one.port + unprivilegedOffset })),
    },
  };
}

async function controlPlaneCertificate(
  authority: PlatformInputs["authority"],
  secret: string,
  dnsNames: string[],
): Promise<KubeObject> {
  const { certPem, keyPem } = await authority.issue({ dnsNames });
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: secret, namespace: networkNamespace, labels: { "control-plane": name } },
    type: "kubernetes.io/tls",
    stringData: { "ca.crt": authority.certPem, "tls.crt": certPem, "tls.key": keyPem },
  };
}
