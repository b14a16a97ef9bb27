import { expect, it } from "vitest";
import { keepOnly } from "./module-programs.ts";

const factory = [
  "import (",
  '\t"example.org/dns/provider"',
  '\t"example.org/dns/provider/aws"',
  '\t"example.org/dns/provider/webhook"',
  ")",
  "var all = map[string]New{",
  "\t\tconfig.ProviderAWS:     aws.New,",
  "\t\tconfig.ProviderAWSPriv: aws.NewPrivate,",
  "\t\tconfig.ProviderWebhook: webhook.New,",
  "}",
];

it("keeps the implementations that are named, and all other lines", () => {
  const kept = factory.filter((line) => !line.includes("aws"));
  expect(keepOnly(factory.join("\n"), ["webhook"]).split("\n")).toEqual(kept);
});
