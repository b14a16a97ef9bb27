/** Kubernetes' units: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const units: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const quantity = /^[+-]?(\d+\.?\d*|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)|[eE][+-]?\d+)?$/;

/** Whether the API server takes it for a quantity. */
export const isQuantity = (value: unknown): boolean => quantity.test(String(value));

/** A quantity of memory or storage in bytes; NaN where it is none. */
export function bytesOf(value: string | number): number {
  const [, number, unit] = quantity.exec(String(value)) ?? [];
  if (number === undefined) return Number.NaN;
  return unit === undefined ? Number(value) : Number(number) * (units[unit] ?? Number.NaN);
}

/** A quantity of processors; NaN where it is none. */
export const coresOf = bytesOf;
