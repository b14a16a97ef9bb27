import { expect, it } from "vitest";
import { Tree } from "../../gitops/index.ts";
import { key, placeIn } from "./place.ts";

const text = `one:
  resources: &small
    limits:
      memory: 1Gi
two:
  resources: *small
three:
  resources:
    limits:
      memory: 2Gi
`;
const lineOf = (...names: string[]) => placeIn(Tree.of([["a.yaml", text]]), "a.yaml", names.map(key)).line;

it("is below the anchor of what stands there by an alias", () => {
  expect(lineOf("two", "resources", "limits", "memory")).toBe(4);
  expect(lineOf("three", "resources", "limits", "memory")).toBe(10);
});

it("is the alias itself where that is what is meant", () => {
  expect(lineOf("two", "resources")).toBe(6);
});
