/** A cluster that nobody can reach. For tests. */
export const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{ name: a, cluster: { server: "https://127.0.0.1:1" } }]
users: [{ name: a, user: {} }]
contexts: [{ name: a, context: { cluster: a, user: a } }]
current-context: a
`;

const url = "https://127.0.0.1:1";

/** What a world's descriptor must have to be read. For tests. */
export const descriptor = {
  nodes: [],
  gateway: { host: "127.0.0.1", httpsPort: 1, httpPort: 2 },
  control: { github: url, doppler: url, copilot: url, dns: url },
  workspaces: [],
};
