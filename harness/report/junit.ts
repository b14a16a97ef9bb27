import type { Failure, ScenarioResult, StepResult } from "./result.ts";
import { failureLines } from "./verdict.ts";

/**
 * The scenario's steps as JUnit XML, one test case each, with what the verdict says of a failed one. Vitest's own
 * reporter would give the stack, and the places in the manifests as they come from the worker: without file and line.
 */
export function renderJunit({ name, title, steps, failure, ms }: ScenarioResult): string {
  const cases = [
    ...steps.map((step) => testCase(name, `${title} > ${step.title}`, step)),
    ...(failure ? [testCase(name, title, { title, status: "failed", ms: 0, failure })] : []),
  ];
  const count = (status: StepResult["status"]) => steps.filter((step) => step.status === status).length;
  const counts = {
    tests: cases.length,
    failures: count("failed") + (failure ? 1 : 0),
    errors: 0,
    skipped: count("skipped") + count("not applicable"),
    time: seconds(ms),
  };
  const suite = element("testsuite", { name, ...counts }, `\n${cases.join("\n")}\n  `);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", { name: "opencode-harness", ...counts }, `\n  ${suite}\n`)}\n`;
}

function testCase(classname: string, name: string, { status, ms, failure, why }: StepResult): string {
  const inner = {
    passed: "",
    skipped: element("skipped", {}),
    "not applicable": element("skipped", { message: `not applicable: ${why ?? "to this tree"}` }),
    failed: element(
      "failure",
      { message: firstLine(failure), type: "HarnessError" },
      escaped(textOf(failure)),
    ),
  };
  return `    ${element("testcase", { classname, name, time: seconds(ms) }, inner[status])}`;
}

function firstLine(failure: Failure | undefined): string {
  return failure?.message.split("\n", 1)[0] ?? "failed without a message";
}

function textOf(failure: Failure | undefined): string {
  return failure ? failureLines(failure).join("\n") : "";
}

function element(tag: string, attributes: Record<string, string | number>, inner = ""): string {
  const head = [
    tag,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value))}"`),
  ];
  return inner === "" ? `<${head.join(" ")}/>` : `<${head.join(" ")}>${inner}</${tag}>`;
}

/** As XML takes it; characters that XML cannot hold at all are left out. */
function escaped(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll(/[&<>"]/g, (character) => `&${names[character]};`);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
