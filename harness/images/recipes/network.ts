import { randomBytes } from "node:crypto";
import { bridgeOptions } from "../../engine/index.ts";
import type { Job } from "../component.ts";
import { ownerLabels } from "./owner-labels.ts";

/** A network of the preparation's own, `internal` or with ports of the host; it goes with the scope. */
export async function startNetwork(job: Job, what: string, kind?: "internal"): Promise<StartedNetwork> {
  const name = `opencode-harness-${what}-${randomBytes(4).toString("hex")}`;
  const options = Object.entries(bridgeOptions()).flatMap(([key, value]) => ["--opt", `${key}=${value}`]);
  const internal = kind ? ["--internal"] : [];
  await job.docker(["network", "create", ...internal, ...options, ...ownerLabels(), name]);
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await job.engine.docker(["network", "rm", name], { reject: false });
    },
  };
}

export interface StartedNetwork extends AsyncDisposable {
  name: string;
}
