import { expect, it } from "vitest";
import { secretMadeBy } from "./made-secrets.ts";
import { Objects } from "./objects.ts";
import { mayHold } from "./secret-keys.ts";
import { object, treeOf } from "./test-workload.ts";

it("is known of a SealedSecret with its keys, and of a controller's that only a vault knows with any", () => {
  const objects = new Objects(
    treeOf([
      object("SealedSecret", "sealed", {
        spec: { encryptedData: { TOKEN: "AgB" }, template: { data: { URL: "x" } } },
      }),
      object("VaultStaticSecret", "vault", { spec: { destination: { name: "tokens" } } }),
      object("OnePasswordItem", "item", { spec: {} }),
    ]),
  );
  const [{ metadata: { namespace = "" } = {} } = {}] = objects.all("SealedSecret");
  const holds = (secret: string, key: string) => mayHold(secret, key, namespace, objects);
  expect([holds("sealed", "TOKEN"), holds("sealed", "URL"), holds("sealed", "OTHER")]).toEqual([
    true,
    true,
    false,
  ]);
  expect([holds("tokens", "ANY"), holds("item", "ANY")]).toEqual([true, true]);
  expect(objects.all("Secret").map(({ metadata }) => metadata.name)).toEqual(["sealed", "tokens", "item"]);
});

it("is nothing of any other kind", () => {
  const { kustomizations } = treeOf([
    object("ConfigMap", "a", {}),
    object("ExternalSecret", "b", { spec: {} }),
  ]);
  const made = kustomizations.flatMap(({ objects }) => objects.map(({ object }) => secretMadeBy(object)));
  expect(made).toEqual([undefined, undefined]);
});
