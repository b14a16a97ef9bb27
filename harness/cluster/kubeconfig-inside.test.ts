import { expect, it } from "vitest";
import { parse } from "yaml";
import { kubeconfigInside } from "./kubeconfig-inside.ts";

it("leads to the API server by its name on the run's network, and leaves the rest", () => {
  const outside = `
apiVersion: v1
kind: Config
clusters:
  - name: default
    cluster: { server: "https://127.0.0.1:41234", certificate-authority-data: Q0E= }
users:
  - { name: default, user: { client-key-data: S0VZ } }
`;
  const { clusters, ...others } = parse(kubeconfigInside(outside));
  expect(clusters).toEqual([
    { name: "default", cluster: { server: "https://server:6443", "certificate-authority-data": "Q0E=" } },
  ]);
  expect(others).toEqual({
    apiVersion: "v1",
    kind: "Config",
    users: [{ name: "default", user: { "client-key-data": "S0VZ" } }],
  });
});
