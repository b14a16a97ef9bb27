import { posix } from "node:path";
import type { Fault } from "../../finding.ts";
import { documentsIn } from "../../reading/documents.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

const options = /^(--(provider|method|help|print-logs|log-level)|-[pmh])$/;

/** How the document lets its owner log in. */
function otherLogins(inspected: Inspected): Fault[] {
  return documentsIn(inspected)
    .filter(({ kind }) => kind === "login")
    .flatMap(({ file, commands }) =>
      commands.flatMap(({ text, place }) => {
        const [, rest] = /\bopencode\s+auth\s+login\b([^\n|;&]*)/.exec(text) ?? [];
        if (rest === undefined) return [];
        const words = rest
          .trim()
          .split(/[\s=]+/)
          .filter(Boolean);
        const unknown = words.find((word) => word.startsWith("-") && !options.test(word));
        const [, provider] = /(?:--provider|-p)[= ]["']?([\w-]+)/.exec(rest) ?? [];
        const name = posix.basename(file);
        if (unknown !== undefined)
          return {
            message: `${name} gives opencode auth login the option ${unknown}, which it does not know`,
            remedy: "write --provider github-copilot",
            ...place,
          };
        if (
          provider === undefined ||
          !/copilot|github/.test(provider) ||
          /^github-copilot(-enterprise)?$/.test(provider)
        )
          return [];
        return {
          message: `${name} logs in to ${provider}, which OpenCode calls github-copilot`,
          remedy: "write --provider github-copilot",
          ...place,
        };
      }),
    );
}

/** A store before there is a new login stores the one that has expired; `all` gives one to both. */
function otherOrder(inspected: Inspected): Fault[] {
  return documentsIn(inspected)
    .filter(({ kind }) => kind === "login")
    .flatMap(({ file, commands }) => {
      const name = posix.basename(file);
      const steps = commands.flatMap(({ text, place }) => {
        const is = /\bopencode\s+auth\s+login\b/.test(text)
          ? "login"
          : /\bseed[\w-]*\.sh\b/.test(text) && "store";
        return is ? [{ is, text, place }] : [];
      });
      const early = steps[0]?.is === "store" && steps.some(({ is }) => is === "login") ? steps[0] : undefined;
      const stores = steps.filter(({ is }) => is === "store");
      const logins = steps.filter(({ is }) => is === "login");
      const twice = stores.find((one, index) => index > 0 && steps[steps.indexOf(one) - 1]?.is === "store");
      const both = stores.find(({ text }) => /\sall\b/.test(text) && logins.length > 1);
      const told: [step: (typeof steps)[number] | undefined, what: string, remedy: string][] = [
        [early, "stores a login before there is a new one", "log in first"],
        [
          both,
          "stores one login for all workspaces, and another after it: one of them is for nothing, and both share the last",
          "store each login for its own workspace",
        ],
        [
          logins.length > 0 && !early ? twice : undefined,
          "stores one login for two workspaces: who revokes it for one revokes it for both",
          "log in anew before the second",
        ],
      ];
      return told.flatMap(([step, what, remedy]) =>
        step ? [{ message: `${name} ${what}`, remedy, severity: "warning" as const, ...step.place }] : [],
      );
    });
}

/** The steps of the document for a login that has expired, in their order. */
export const loginOrderRules = [
  rule({
    id: "login-step-wrong",
    title: "the document logs in, and then stores",
    pitfalls: [11],
    find: (inspected) => [...otherLogins(inspected), ...otherOrder(inspected)],
  }),
];
