import { expect, it } from "vitest";
import { annotations, blockers, checkJson, checkMarkdown, checkText, rules, sarif } from "../index.ts";
import { checked, secret, text } from "../rules/test-check.ts";

const result = await checked((tree) => {
  text(secret, "        key: OPENCODE_HA_GITHUB_PAT", "        key: OPENCODE_HA_TOKEN")(tree);
});
const file = `manifests/${secret}`;
const line =
  result.home.tree
    .text(secret)
    .split("\n")
    .findIndex((one) => one.includes("key: OPENCODE_HA_TOKEN")) + 1;

it("tells people place, cause and remedy, and what holds", () => {
  const said = checkText(result, { directory: process.cwd(), paint: (_, words) => words });
  expect(said).toContain(
    `${file}:${line}\n  broken: ExternalSecret opencode-ha-secret asks Doppler for OPENCODE_HA_TOKEN`,
  );
  expect(said).toMatch(/ 7 {2}Doppler has every key: broken$/m);
  expect(said).toMatch(/ 4 {2}no stream is cut: holds as far as it can be seen; a run shows/m);
  expect(said).toMatch(/\d broken in opencode-flux, opencode-ha\.\n$/);
});

it("tells machines the same as JSON", () => {
  const json = JSON.parse(JSON.stringify(checkJson(result, process.cwd())));
  expect(json.status).toBe("broken");
  expect(json.findings[0]).toMatchObject({ id: "doppler-key-missing", severity: "error", file, line });
  expect(json.pitfalls[6]).toMatchObject({ number: 7, verdict: "broken", findings: ["doppler-key-missing"] });
});

it("tells code scanning the same as SARIF, each rule described once", () => {
  const [run] = sarif(result, process.cwd()).runs;
  const [first] = run?.results ?? [];
  expect(first).toMatchObject({ ruleId: "doppler-key-missing", level: "error" });
  const place = { artifactLocation: { uri: file }, region: { startLine: line } };
  expect(first?.locations).toEqual([{ physicalLocation: place }]);
  const ids = run?.tool.driver.rules.map(({ id }) => id) ?? [];
  expect(new Set(ids).size).toBe(rules.length);
});

it("annotates the lines on GitHub, what it says escaped", () => {
  const [first = ""] = annotations(result, process.cwd()).split("\n");
  expect(first).toContain(`::error file=${file},line=${line},title=doppler-key-missing::ExternalSecret`);
  expect(first).toContain("%0A");
});

const hostile = {
  ...result,
  findings: result.findings.map((finding) => ({
    ...finding,
    file: "kubernetes/a b%41\n[x].yaml",
    message: "see [here](https://example.org)\u001b[8m",
  })),
};

it("tells code scanning of a file whose name is no address, and makes nobody a link", () => {
  const [first] = sarif(hostile, process.cwd()).runs[0]?.results ?? [];
  const [place] = first?.locations ?? [];
  expect(place?.physicalLocation.artifactLocation.uri).toMatch(/\/kubernetes\/a%20b%2541%0A%5Bx%5D\.yaml$/);
  expect(first?.message.text).toContain("[here] (https://example.org)");
});

it("annotates with nothing that a log would do", () => {
  const [first = ""] = annotations(hostile, process.cwd()).split("\n");
  expect(first).toContain("/a b%2541%0A[x].yaml,line=");
  expect(first).toContain("␛[8m%0A");
});

it("names what a cluster run would only wait for", () => {
  expect(blockers(result.findings).map(({ id }) => id)).toEqual(["doppler-key-missing"]);
});

it("keeps GitHub's summary below what GitHub takes, whatever a tree has", () => {
  const [finding] = result.findings;
  const long = "é".repeat(700);
  const change = { what: "changed", kind: "Service", name: long, lines: [`+${"é".repeat(40_000)}`] };
  const many = {
    ...result,
    findings: Array.from({ length: 5_000 }, () => ({ ...finding, message: long })),
    comparison: {
      base: { ref: "main", commit: "a".repeat(40), isMergeBase: true },
      changes: Array.from({ length: 5_000 }, () => change),
      touches: [],
      idle: [],
    },
  } as unknown as typeof result;
  const why = Array.from({ length: 5_000 }, () => ({ what: long, because: "it does" }));
  const touched = [{ name: "drain", why }] as unknown as Parameters<typeof checkMarkdown>[1]["touched"];
  const text = checkMarkdown(many, { directory: process.cwd(), touched });
  expect(Buffer.byteLength(text)).toBeLessThan(2 ** 20);
  expect(text).toMatch(/^- … 4\d{3} more, in the log\n\n### Compared/m);
  expect(text).toMatch(/^- `drain`: .* and 4990 more$/m);
});
