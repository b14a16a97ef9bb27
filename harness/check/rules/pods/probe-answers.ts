import type { V1Probe } from "@kubernetes/client-node";
import { officialImage } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { openPage, probesOf } from "../../reading/probes.ts";
import { rule } from "../../rule.ts";

type Why = [message: string, remedy: string, needle: Needle];

function whyNoAnswer({ facts, app }: InspectedWorkspace, { httpGet, exec }: V1Probe): Why[] {
  const { scheme, host } = httpGet ?? {};
  const script = exec?.command?.join(" ") ?? "";
  const asks = /\b(?:wget|curl)\b/.test(script);
  const path = /https?:\/\/[^\s/"']+(\/[^\s"';|&]*)?/.exec(script)?.[1] ?? "/";
  const logsIn = /authorization|--user\b|\s-u\s|:\/\/[^\s/]*@|\$OPENCODE_SERVER_PASSWORD/i.test(script);
  const why: [boolean, ...Why][] = [
    [scheme === "HTTPS", "asks over TLS, which OpenCode does not speak", "leave scheme out", key("scheme")],
    [
      /^(localhost|127\.|::1)/.test(host ?? ""),
      `asks ${host}, which is the node itself: the kubelet asks from there`,
      "leave host out: the kubelet asks the pod",
      key("host"),
    ],
    [
      facts.password !== undefined && asks && path !== openPage && !logsIn && !/\|\||;|401/.test(script),
      `asks for ${path}, which answers 401 without the password`,
      `ask for ${openPage}, which OpenCode shows to everybody`,
      /wget|curl/,
    ],
    [
      /\bcurl\b/.test(script) && officialImage.test(app.image ?? ""),
      `needs curl, which ${app.image} does not have`,
      "write httpGet",
      "curl",
    ],
  ];
  return why.flatMap(([is, ...told]) => (is ? [told] : []));
}

function noAnswer(workspace: InspectedWorkspace): Fault[] {
  const { facts, at } = workspace;
  return probesOf(workspace).flatMap(([name, probe]) =>
    whyNoAnswer(workspace, probe ?? {}).map(([message, remedy, needle]) => ({
      message: `the ${name} probe of ${facts.name} ${message}: the pod is never Ready`,
      remedy,
      ...at(key(name), needle),
    })),
  );
}

export const probeAnswerRules = [
  rule({
    id: "probe-unanswered",
    title: "probes ask what OpenCode answers",
    isBlocker: true,
    find: eachWorkspace(noAnswer),
  }),
];
