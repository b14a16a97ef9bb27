import { expect, it } from "vitest";
import { circleIn, withoutCircle } from "./dependency-circle.ts";

const waiting = (name: string, ...dependsOn: { name: string; namespace?: string }[]) => ({
  metadata: { name, namespace: "flux-system" },
  spec: { dependsOn },
});

it("finds those that wait for each other, over others too", () => {
  const objects = [
    waiting("apps", { name: "a" }),
    waiting("a", { name: "b" }),
    waiting("b", { name: "c", namespace: "flux-system" }),
    waiting("c", { name: "a" }, { name: "gone" }),
  ];
  expect(circleIn(objects)).toEqual(["flux-system/a", "flux-system/b", "flux-system/c"]);
});

it("takes what two wait for, and another namespace's namesake, for no circle", () => {
  const objects = [
    waiting("a", { name: "b" }, { name: "c" }),
    waiting("b", { name: "c" }),
    waiting("c", { name: "a", namespace: "elsewhere" }),
  ];
  expect(circleIn(objects)).toBeUndefined();
  expect(withoutCircle(() => ({ waiting: "for others" }))(objects)).toEqual({ waiting: "for others" });
});

it("ends a wait that would go on for ever", () => {
  const objects = [waiting("a", { name: "b" }), waiting("b", { name: "a" })];
  expect(withoutCircle(() => ({ waiting: "for others" }))(objects)).toEqual({
    stuck: "flux-system/a and flux-system/b wait for each other",
  });
});
