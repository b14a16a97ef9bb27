import { labelsOf } from "../../base/index.ts";
import { preparationLabel } from "../interrupted.ts";

/** As the cluster room labels what it starts: the owner is this process. */
export function ownerLabels(): string[] {
  const labels = Object.entries(labelsOf(`images-${process.pid}`)).map(([name, value]) => `${name}=${value}`);
  return [preparationLabel, ...labels].flatMap((label) => ["--label", label]);
}
