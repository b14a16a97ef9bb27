/** `opencode-flux-6d5f7c9b4-x2x4z` → `opencode-flux`; of a DaemonSet's pod only the last part is made up. */
export function workloadName(pod: string): string {
  return pod.replace(/(-[a-f0-9]{6,10})?-[a-z0-9]{5}$/, "");
}
