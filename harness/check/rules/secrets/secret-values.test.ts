import { expect, it } from "vitest";
import { checked, home, object, studio, toStudio } from "../test-other-home.ts";

it("presumes no password where all of a Secret is taken and nobody names its keys", async () => {
  const [app, ...beside] = studio.template.spec.containers;
  const template = {
    ...studio.template,
    spec: {
      ...studio.template.spec,
      containers: [{ ...app, readinessProbe: { httpGet: { path: "/", port: 4096 } } }, ...beside],
    },
  };
  const secret = (more: object) =>
    object(
      "ExternalSecret",
      "studio-token",
      "ai",
      { spec: { secretStoreRef: { kind: "ClusterSecretStore", name: "vault" }, ...more } },
      "external-secrets.io/v1",
    );
  const probes = async (more: object) => {
    const { said } = await checked({
      ...home,
      ...toStudio({}),
      "kubernetes/apps/ai/app/deployment.yaml": object(
        "Deployment",
        "studio",
        "ai",
        { spec: { ...studio, template } },
        "apps/v1",
      ),
      "kubernetes/apps/ai/app/secret.yaml": secret(more),
    });
    return said.filter((one) => one.includes(" probe-refused: "));
  };
  expect(await probes({ dataFrom: [{ extract: { key: "studio" } }] })).toEqual([
    expect.stringMatching(/^warning .*if Secret studio-token brings a password/),
  ]);
  const key = "OPENCODE_SERVER_PASSWORD";
  expect(await probes({ data: [{ secretKey: key, remoteRef: { key } }] })).toEqual([
    expect.stringMatching(/^error .*answers 401 without the password/),
  ]);
});
