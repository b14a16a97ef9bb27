import { HarnessError, messageOf } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import {
  type HomeOptions,
  noWorkspace,
  type RenderedHome,
  refuseWhatOurChartCannot,
  renderHome,
  renderReplaced,
  wrongRoot,
} from "../home/index.ts";
import { livingRules, rules } from "./all-rules.ts";
import { type Comparison, compareWith } from "./changes/compare.ts";
import type { Fault, Finding } from "./finding.ts";
import { type PitfallVerdict, pitfallVerdicts } from "./pitfalls.ts";
import { type Inspected, inspect } from "./reading/inspected.ts";
import type { Rule } from "./rule.ts";
import { type UnjudgedKind, unjudgedKinds } from "./rules/objects/schemas.ts";

/** What can be said of a tree without a cluster. */
export interface CheckResult {
  home: RenderedHome;
  /** Errors first, then by file and line. */
  findings: Finding[];
  /** The twelve of the pitfalls document, in its order. */
  pitfalls: PitfallVerdict[];
  /** Kinds that the platform does not have, so that no schema says what their objects may be. */
  unjudged: UnjudgedKind[];
  /** What differs from a commit, if one was given. */
  comparison?: Comparison;
}

export interface CheckOptions extends HomeOptions {
  /** A commit, branch or tag that the tree is compared with. */
  base?: string | undefined;
  /** Whether files of the tree are looked at, too, in whose place the home has its own: no run has to do with them. */
  isOfAllFiles?: boolean;
}

/**
 * Renders the tree in its home as Flux does, and looks for what cannot work; starts nothing and asks no network.
 *
 * @param edit changes the tree, laid into its home, before
 * @throws HarnessError `usage` where there is nothing to read or no workspace in it, `environment` where the harness cannot
 * render what the workspace is made from
 */
export async function checkTree(options: CheckOptions, edit?: (tree: Tree) => void): Promise<CheckResult> {
  const home = await renderHome(options, edit);
  const elsewhere = wrongRoot(home.rendered, home.tree);
  if (elsewhere) throw elsewhere;
  const inspected = inspect(home);
  // What starts programs goes first: they work while the rules keep this process busy.
  const [replaced, compared, own] = await Promise.all([
    options.isOfAllFiles ? findWithReplaced(home, options.signal) : [],
    options.base === undefined ? undefined : compareWith(options.base, home, options),
    findIn(inspected, rules),
  ]);
  const living = compared
    ? await findIn({ ...inspected, before: inspect(compared.before) }, livingRules)
    : [];
  const known = new Set(own.map(signOf));
  // What is wrong with the home's files too is told once, of those.
  const more = replaced.filter((one) => home.replaced.has(one.file ?? "") || !known.has(signOf(one)));
  const findings = [...own, ...more.map((one) => asReplaced(one, home)), ...living].sort(byWeight);
  // Of a chart that is too old the tree is to blame, and not ours.
  if (!findings.some(({ id }) => id === "chart-older")) refuseWhatOurChartCannot(home.rendered);
  if (home.workspaces.length === 0) refuse(inspected, findings, options.manifests);
  return {
    home,
    findings,
    pitfalls: pitfallVerdicts(inspected, findings),
    unjudged: unjudgedKinds(home.rendered),
    ...(compared ? { comparison: compared.comparison } : {}),
  };
}

/** Each fault once: two workspaces of one base have theirs in one place. */
async function findIn(inspected: Inspected, asked: readonly Rule[]): Promise<Finding[]> {
  const found = (await Promise.all(asked.map((rule) => findingsOf(rule, inspected)))).flat();
  const unique = new Map(found.map((one) => [`${one.id} ${one.file}:${one.line} ${one.message}`, one]));
  return [...unique.values()];
}

/** What is wrong with files that somebody else's home takes, and this one does without: in them, or because of them. */
async function findWithReplaced(home: RenderedHome, signal: AbortSignal | undefined): Promise<Finding[]> {
  const other = await renderReplaced(home, signal);
  return other ? findIn(inspect(other), rules) : [];
}

const signOf = ({ id, message }: Finding): string => `${id} ${message}`;

const asReplaced = (one: Finding, { replaced }: RenderedHome): Finding => ({
  ...one,
  message: `${one.message} (${replaced.has(one.file ?? "") ? "in the tree's own file; this home keeps another in its place" : "with the tree's own files, in whose place this home keeps others"})`,
  isReplaced: true,
  isBlocker: false,
});

/** What one rule stumbles over, a list in the place of a name for instance, hides nothing of what the others find. */
export async function findingsOf(rule: Rule, inspected: Inspected): Promise<Finding[]> {
  const { find, id, pitfalls, severity, isBlocker } = rule;
  try {
    const faults = await find(inspected);
    return faults.map((fault) => ({ id, pitfalls, severity, isBlocker, ...fault }));
  } catch (error) {
    if (error instanceof HarnessError) throw error;
    return [{ id, pitfalls, severity: "warning", isBlocker: false, ...stumbled(rule, error) }];
  }
}

const stumbled = ({ title }: Rule, error: unknown): Fault => ({
  message: `whether ${title} cannot be seen: the rule stumbles over this tree (${messageOf(error)})`,
  remedy:
    "mend what else is found, a value of another type than its field has for instance; if nothing is, the fault is the harness's own",
});

function byWeight(left: Finding, right: Finding): number {
  const weight = ({ severity }: Finding) => (severity === "error" ? 0 : 1);
  const place = ({ file = "", line = 0 }: Finding) => `${file}:${String(line).padStart(6, "0")}`;
  return weight(left) - weight(right) || place(left).localeCompare(place(right));
}

/** No workspace is no verdict: it is not there, cannot be rendered here, or a finding says why. */
function refuse({ home }: Inspected, findings: readonly Finding[], manifests: string): void {
  const why = noWorkspace(manifests, home.rendered, home.tree);
  if (why.code === "environment" || !findings.some(({ severity }) => severity === "error")) throw why;
}
