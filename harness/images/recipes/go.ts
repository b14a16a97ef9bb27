import { execa } from "execa";
import { HarnessError } from "../../base/index.ts";
import { versions } from "../versions.ts";

/** Static programs, and a garbage collector that leaves the compiler more of the two cores. */
export const goEnvironment = { CGO_ENABLED: "0", GOGC: "400", GOFLAGS: "-buildvcs=false" };

/** @throws HarnessError `environment` when there is no Go. */
export async function requireGo(): Promise<void> {
  if (await hasGo()) return;
  throw new HarnessError(
    "Go is not installed, and without a registry the controllers are built from source",
    {
      code: "environment",
      remedy: `Install Go ${versions.go} or newer, or give this machine a registry.`,
    },
  );
}

export async function hasGo(): Promise<boolean> {
  const { exitCode } = await execa("go", ["version"], { reject: false });
  return exitCode === 0;
}
