// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import {
  certificate,
  type Edit,
  expectFound,
  expectSilence,
  issuer,
  type Mistake,
  text,
  traffic,
} from "../test-check.ts";

const asking = (lines: string) => text(certificate, "spec:\n", `spec:\n${lines}`);

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "certificates that nobody gives": [
    "manifests",
    [
      [
        asking(
          "  commonName: opencode.${SECRET_DOMAIN}\n  emailAddresses: [me@example.org]\n  uris: ['spiffe://a/b']\n  ipAddresses: [192.168.1.10]\n  privateKey: { algorithm: Ed25519 }\n",
        ),
        "never-issued",
        /commonName/,
        /none of its dnsNames/,
      ],
      [() => {}, "never-issued", /emailAddresses/, /e-mail/],
      [() => {}, "never-issued", /uris/, /URIs/],
      [() => {}, "never-issued", /ipAddresses/, /of the house/],
      [() => {}, "never-issued", /privateKey/, /Ed25519/],
      [
        text(
          certificate,
          "secretName: opencode-production-tls",
          "secretName: angryninja-cloud-production-tls",
        ),
        "certificate-twice",
        /secretName/,
        /both kept in Secret network\/angryninja-cloud-production-tls/,
      ],
      [
        text(
          certificate,
          "    kind: ClusterIssuer\n",
          "    kind: ClusterIssuer\n    group: acme.cert-manager.io\n",
        ),
        "issuer-of-other-group",
        /group/,
        /acme\.cert-manager\.io, which nobody makes/,
      ],
      [
        traffic(
          "  responseOverride: [{ match: { statusCodes: [{ type: Range, range: { start: 400, end: 404 } }] }, response: { body: { type: Inline, inline: no } } }]\n",
        ),
        "not-for-browsers",
        /responseOverride/,
        /asks for the password/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, Edit[]> = {
  "certificates that are given": [
    asking('  commonName: "*.opencode.${SECRET_DOMAIN}"\n  privateKey: { algorithm: ECDSA, size: 384 }\n'),
    text(certificate, "    kind: ClusterIssuer\n", "    kind: ClusterIssuer\n    group: cert-manager.io\n"),
  ],
  "an authority of the house, which vouches for more": [
    (tree) => {
      const before = tree.text(issuer);
      tree.replaceText(issuer, before, before.replace(/ {2}acme:[\s\S]*$/, "  ca: { secretName: house }\n"));
    },
    asking("  commonName: opencode\n  ipAddresses: [192.168.1.10]\n  privateKey: { algorithm: Ed25519 }\n"),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
