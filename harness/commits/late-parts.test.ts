import { expect, it } from "vitest";
import { waitsFor } from "./late-parts.ts";

const stores = { namespace: "flux-system", name: "external-secrets-stores" };
const storage = { namespace: "flux-system", name: "rook-ceph-cluster" };
const saying = (status: string, reason: string, message: string, more: object = {}) => ({
  status: { conditions: [{ type: "Ready", status, reason, message }], ...more },
});
const words = "dependency 'flux-system/rook-ceph-cluster' is not ready";

it("a Kustomization waits for the part that it names", () => {
  const waiting = saying("False", "DependencyNotReady", words);
  expect(waitsFor(waiting, [stores, storage])).toEqual({ ready: { part: storage, words } });
});

it("one that names a part which is there is still behind", () => {
  expect(waitsFor(saying("False", "DependencyNotReady", words), [stores])).toEqual({ waiting: words });
  expect(waitsFor(undefined, [stores])).toEqual({ waiting: "it is not there" });
  expect(waitsFor({}, [stores])).toEqual({ waiting: "it says nothing" });
});

it("one that has applied something has waited for nobody", () => {
  expect(waitsFor(saying("True", "ReconciliationSucceeded", ""), [stores])).toEqual({ ready: "nobody" });
  const applied = saying("Unknown", "Progressing", "", { inventory: { entries: [] } });
  expect(waitsFor(applied, [stores])).toEqual({ ready: "nobody" });
});
