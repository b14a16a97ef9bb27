import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import { officialImage } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Spec {
  template?: { spec?: V1PodSpec };
  jobTemplate?: { spec?: { template?: { spec?: V1PodSpec } } };
}

/** What each kind does with a pod that serves; a Deployment and a StatefulSet are what is wanted. */
const others: Readonly<Record<string, string>> = {
  DaemonSet: "runs a pod on each node, and all of them want the one volume",
  Job: "is done once, and is not started again when its node is lost",
  CronJob: "starts another pod at each of its times, beside the one that serves",
};

const serves = ({ image = "", command = [], args = [] }: V1Container): boolean => {
  const words = [...command, ...args].join(" ");
  return (
    /\bopencode\s+(web|serve)\b/.test(words) || (officialImage.test(image) && /\b(web|serve)\b/.test(words))
  );
};

/** OpenCode's server in what no workspace is seen in: it would have its one pod by chance alone. */
function otherKinds(inspected: Inspected): Fault[] {
  return Object.entries(others).flatMap(([kind, what]) =>
    inspected
      .of(kind)
      .filter(inspected.concernsUs)
      .flatMap((one) => {
        const { template, jobTemplate } = specOf<Spec>(one);
        const pod = template?.spec ?? jobTemplate?.spec?.template?.spec;
        if (!pod?.containers?.some(serves)) return [];
        return {
          message: `${titleOf(one)} runs OpenCode's server: a ${kind} ${what}`,
          remedy: "let it be a Deployment with strategy: Recreate",
          ...inspected.placeOf(one, ...(one.by.release ? [key("controllers"), key("type")] : [key("kind")])),
        };
      }),
  );
}

/** What runs OpenCode. */
export const workloadKindRules = [
  rule({
    id: "server-of-other-kind",
    title: "OpenCode's server is a Deployment's",
    pitfalls: [6],
    isBlocker: true,
    find: otherKinds,
  }),
];
