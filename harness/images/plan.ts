import { basename } from "node:path";
import { HarnessError } from "../base/index.ts";
import { hasReceipt, missingFor, outputOf, receiptOf } from "./build-missing.ts";
import type { Component } from "./component.ts";
import { componentsOf, goalsOf } from "./components.ts";
import type { Inventory } from "./inventory.ts";
import { keysOf } from "./keys.ts";
import { preparedAt } from "./prepared-before.ts";
import { definitionFiles } from "./recipes/definition-files.ts";
import type { Source } from "./source.ts";

/** What a checkout needs of one source, and the content key of each part. */
export interface Plan {
  source: Source;
  components: Component[];
  keys: Map<string, string>;
}

/** Names in the engine, and folders of the cache by their names there. */
export interface PreparedOutputs {
  images: string[];
  volumes: string[];
  folders: string[];
}

/** Whether exactly what this checkout needs has been prepared before. Asks neither the engine nor the network. */
export async function areImagesPrepared(): Promise<boolean> {
  return (await rememberedPlan()) !== undefined;
}

/**
 * Names of the images, volumes and folders that this checkout runs on, once they are prepared.
 * @throws HarnessError `environment` when they are not.
 */
export async function preparedOutputs(): Promise<PreparedOutputs> {
  const plan = await rememberedPlan();
  if (plan === undefined)
    throw new HarnessError("the images are not prepared", { code: "environment", remedy: "npm run images" });
  const goals = goalsOf(plan.source);
  const used = { ...plan, components: plan.components.filter(({ name }) => goals.includes(name)) };
  const folders = [definitionFiles.name].map((name) => basename(receiptOf(name, plan.keys.get(name) ?? "")));
  return { images: imagesOf(used), volumes: volumesOf(used), folders };
}

export async function makePlan(source: Source): Promise<Plan> {
  const components = componentsOf(source);
  return { source, components, keys: await keysOf(components) };
}

/** What this checkout needs, as it was prepared last; undefined if it never was. */
export async function rememberedPlan(): Promise<Plan | undefined> {
  const plans = await Promise.all((["packages", "registry"] as const).map(makePlan));
  const at = await Promise.all(plans.map(({ keys }) => preparedAt(keys)));
  const newest = Math.max(...at.map((time) => time ?? 0));
  return plans.find((_, index) => at[index] === newest);
}

/** What must still be built for the plan, and what that needs. */
export function missingIn(plan: Plan, { images, volumes }: Inventory): Component[] {
  const isThere = (component: Component) => {
    const key = plan.keys.get(component.name) ?? "";
    const output = outputOf(component, key);
    if (component.output === "image") return images.has(output);
    return hasReceipt(component.name, key) && (component.output === "directory" || volumes.has(output));
  };
  return missingFor(goalsOf(plan.source), plan.components, isThere);
}

/** Names of the plan's outputs, as their receipts have them. */
export function namesOf({ components, keys }: Plan): Set<string> {
  return new Set(components.map(({ name }) => basename(receiptOf(name, keys.get(name) ?? ""))));
}

export const imagesOf = (plan: Plan) => outputsOf(plan, "image");
export const volumesOf = (plan: Plan) => outputsOf(plan, "volume");

function outputsOf({ components, keys }: Plan, kind: Component["output"]): string[] {
  return components.filter(({ output }) => output === kind).map((c) => outputOf(c, keys.get(c.name) ?? ""));
}
