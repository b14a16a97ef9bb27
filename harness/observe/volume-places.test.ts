import { expect, it } from "vitest";
import { isSeenElsewhere } from "./volume-places.ts";

const pod = "./0b2c-uid";

it.each([
  ["a mounted Secret", `${pod}/volumes/kubernetes.io~secret/copilot-auth/..data/auth.json`],
  ["a token of a service account", `${pod}/volumes/kubernetes.io~projected/kube-api-access-x/token`],
  ["a volume by its subPath", `${pod}/volume-subpaths/opencode-ha/app/0/auth.json`],
])("passes over %s", (_what, path) => expect(isSeenElsewhere(path)).toBe(true));

it.each([
  ["a claim's file", `${pod}/volumes/kubernetes.io~csi/pvc-1/mount/opencode-data/auth.json`],
  ["an emptyDir's file", `${pod}/volumes/kubernetes.io~empty-dir/home/.netrc`],
  ["the pod's own hosts file", `${pod}/etc-hosts`],
  ["a directory of that name on a volume", `${pod}/volumes/kubernetes.io~csi/pvc-1/mount/volume-subpaths/a`],
])("looks at %s", (_what, path) => expect(isSeenElsewhere(path)).toBe(false));
