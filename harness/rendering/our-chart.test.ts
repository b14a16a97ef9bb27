import { expect, it } from "vitest";
import { ChartCannot, refusal } from "./our-chart.ts";

const schema =
  "values don't meet the specifications of the schema(s): additional properties 'kee' not allowed";

it("takes a refusal for the values' fault where the real chart of that version refuses too", () => {
  expect(refusal(schema, "4.4.0")).not.toBeInstanceOf(ChartCannot);
  expect(refusal(schema, "4.x")).not.toBeInstanceOf(ChartCannot);
});

it("takes a refusal for our chart's where nobody knows what that version has", () => {
  expect(refusal(schema, "5.3.0")).toBeInstanceOf(ChartCannot);
  expect(refusal(schema, undefined).message).toMatch(
    /^our chart cannot render this as app-template 5\.3\.0: values/,
  );
});

it("takes a helper that only the real library has for our chart's lack", () => {
  const words = 'template: no template "bjw-s.common.lib.unheardOf" associated with template "gotpl"';
  expect(refusal(words, "4.4.0")).toBeInstanceOf(ChartCannot);
});
