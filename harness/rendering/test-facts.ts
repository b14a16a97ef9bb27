import type { WorkspaceFacts } from "./workspace-facts.ts";

/** Facts for unit tests: a workspace of the layout in manifests/. */
export function testFacts(name = "opencode-flux", more: Partial<WorkspaceFacts> = {}): WorkspaceFacts {
  const namespace = "opencode";
  const secret = `${name}-secret`;
  const gateway = { namespace: "network", name: "envoy-internal", sectionName: "https" };
  const prefix = name.toUpperCase().replaceAll("-", "_");
  return {
    name,
    namespace,
    workload: { kind: "Deployment", name },
    selector: { "app.kubernetes.io/instance": name },
    container: "app",
    initContainers: ["git-clone", "seed-auth"],
    sidecars: [],
    image: "ghcr.io/anomalyco/opencode:1.18.34",
    command: "web",
    port: 4096,
    uid: 1000,
    gid: 1000,
    fsGroup: 1000,
    workingDirectory: "/workspace/repository",
    dataDirectory: "/home/opencode/.local/share/opencode",
    services: [{ name, ports: [4096] }],
    hosts: [{ hostname: `${name}.home.example`, route: { namespace, name }, gateways: [gateway] }],
    claims: [{ name, mounts: [] }],
    password: { source: { secret, key: "OPENCODE_SERVER_PASSWORD" }, userName: "opencode" },
    clones: [{ repository: `owner/${name}`, transport: "https", container: "git-clone", credentials: [] }],
    login: { how: "written", container: "seed-auth", source: { secret, key: "COPILOT_AUTH_JSON" } },
    backup: { source: name, secret: `${name}-volsync-secret`, claim: name, destination: `${name}-dst` },
    held: [
      { container: "git-clone", secret, key: "GITHUB_PAT", path: "/secrets/github/pat" },
      { container: "seed-auth", secret, key: "COPILOT_AUTH_JSON", path: "/secrets/copilot/auth.json" },
      { container: "app", secret, key: "OPENCODE_SERVER_PASSWORD", variable: "OPENCODE_SERVER_PASSWORD" },
    ],
    runbook: "kubernetes/apps/opencode/node-lost.md",
    volumeDocument: "kubernetes/apps/opencode/volume-lost.md",
    loginDocument: "kubernetes/apps/opencode/login-expired.md",
    seedScript: "scripts/seed-copilot-auth.sh",
    release: { namespace, name, controller: name },
    kustomization: { namespace: "flux-system", name },
    dependsOn: [],
    externalSecrets: [
      {
        name: secret,
        secret,
        store: { kind: "ClusterSecretStore", name: "doppler-secrets" },
        keys: ["GITHUB_PAT", "SERVER_PASSWORD", "COPILOT_AUTH_JSON"].map((key) => `${prefix}_${key}`),
        finds: [],
      },
    ],
    ...more,
  };
}
