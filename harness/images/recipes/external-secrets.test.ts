import { expect, it } from "vitest";
import { keepProviders } from "./external-secrets.ts";

const source = `package register

import (
	// all of them
	_ "github.com/external-secrets/external-secrets/pkg/provider/aws"
	_ "github.com/external-secrets/external-secrets/pkg/provider/azure/keyvault"
	_ "github.com/external-secrets/external-secrets/pkg/provider/doppler"
	_ "github.com/external-secrets/external-secrets/pkg/generator/fake"
)
`;

it("keeps the named providers and everything that is no provider", () => {
  expect(keepProviders(source, ["doppler", "fake"])).toBe(`package register

import (
	// all of them
	_ "github.com/external-secrets/external-secrets/pkg/provider/doppler"
	_ "github.com/external-secrets/external-secrets/pkg/generator/fake"
)
`);
});
