import { randomBytes } from "node:crypto";
import { addSecret } from "../base/index.ts";

/** A secret with which nodes join a cluster (K3S_TOKEN), and whoever has it. It stands in every node's environment. */
export function joinToken(): string {
  const token = randomBytes(24).toString("base64url");
  addSecret("K3S_TOKEN", token);
  return token;
}
