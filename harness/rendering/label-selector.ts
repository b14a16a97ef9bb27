import { z } from "zod";

/** A selector of labels as Kubernetes has it; empty fields of YAML are null. */
export const labelSelector = z.object({
  matchLabels: z.record(z.string(), z.string()).nullish(),
  matchExpressions: z
    .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }))
    .nullish(),
});
export type LabelSelector = z.infer<typeof labelSelector>;

/** Whether labels are chosen; an empty selector chooses all. */
export function isSelected(
  labels: Record<string, string | undefined>,
  selector: LabelSelector | undefined,
): boolean {
  const { matchLabels, matchExpressions } = selector ?? {};
  const holds = ({
    key: label,
    operator,
    values = [],
  }: NonNullable<LabelSelector["matchExpressions"]>[number]) => {
    const value = labels[label];
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const isIn = value !== undefined && (values ?? []).includes(value);
    return operator === "NotIn" ? !isIn : isIn;
  };
  return (
    Object.entries(matchLabels ?? {}).every(([label, value]) => labels[label] === value) &&
    (matchExpressions ?? []).every(holds)
  );
}
