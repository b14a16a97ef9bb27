import { escapeRegExp } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

type Texts = Record<string, unknown>;

interface SecretSpec {
  target?: {
    template?: {
      metadata?: { annotations?: Texts; labels?: Texts };
      templateFrom?: { target?: string; literal?: string }[];
    };
  };
  data?: { secretKey?: string }[];
}

/** What copies Secrets into other namespaces, by the annotations that ask for it. */
const copying = [
  /^reflector\.v1\.k8s\.emberstack\.com\/reflection-(?:allowed|auto-enabled)$/,
  /^replicator\.v1\.mittwald\.de\/(?:replicate-to|replication-allowed)/,
  /^(?:kubed\.appscode\.com|config-syncer\.appscode\.com|kubed)\/sync$/,
];

function copiesOf(one: OwnedObject, texts: Texts, inspected: Inspected, needles: readonly Needle[]): Fault[] {
  const asked = Object.entries(texts).find(
    ([name, value]) => copying.some((pattern) => pattern.test(name)) && !/^false$/i.test(String(value)),
  );
  if (!asked) return [];
  return [
    {
      message: `${titleOf(one)} lets its Secret be copied into other namespaces (${asked[0]}): who reads Secrets there reads it too`,
      remedy: "leave the annotation out: each Secret has one place",
      ...inspected.placeOf(one, ...needles, asked[0]),
    },
  ];
}

const ofSecrets = (inspected: Inspected): Fault[] =>
  inspected
    .of("ExternalSecret")
    .filter(inspected.concernsUs)
    .flatMap((one) => {
      const { annotations, labels } = specOf<SecretSpec>(one).target?.template?.metadata ?? {};
      return copiesOf(one, { ...annotations, ...labels }, inspected, [key("template")]);
    });

/** The key of what browsers believe. */
const ofCertificates = (inspected: Inspected): Fault[] =>
  inspected
    .of("Certificate")
    .filter(inspected.concernsUs)
    .flatMap((one) => {
      const { secretTemplate } = specOf<{ secretTemplate?: { annotations?: Texts; labels?: Texts } }>(one);
      const { annotations, labels } = secretTemplate ?? {};
      return copiesOf(one, { ...annotations, ...labels }, inspected, [key("secretTemplate")]);
    });

/** A label or annotation is shown by `kubectl describe`, and whoever may list objects sees it; a digest tells nothing. */
function inMetadata(inspected: Inspected): Fault[] {
  return inspected
    .of("ExternalSecret")
    .filter(inspected.concernsUs)
    .flatMap((one) => {
      const { target, data = [] } = specOf<SecretSpec>(one);
      const { metadata = {}, templateFrom = [] } = target?.template ?? {};
      const texts = [
        ...Object.values({ ...metadata.annotations, ...metadata.labels }),
        ...templateFrom.flatMap(({ target: to = "Data", literal }) => (/^data$/i.test(to) ? [] : [literal])),
      ].map(String);
      const shown = data.find(({ secretKey = "" }) =>
        texts.some((text) =>
          new RegExp(
            `\\{\\{[^{}]*\\.${escapeRegExp(secretKey)}\\b(?![^{}]*\\|\\s*sha\\d+sum\\b)[^{}]*\\}\\}`,
          ).test(text),
        ),
      );
      if (!shown?.secretKey) return [];
      return {
        message: `${titleOf(one)} writes ${shown.secretKey} into a label or annotation: kubectl describe shows it, and no one takes it for a secret`,
        remedy: "write it into template.data alone",
        ...inspected.placeOf(one, key("template"), /metadata:|templateFrom:/, shown.secretKey),
      };
    });
}

/** Where a secret is, beside its Secret. */
export const secretCopyRules = [
  rule({
    id: "secret-copied",
    title: "each Secret has one place",
    pitfalls: [3],
    find: (inspected) => [...ofSecrets(inspected), ...ofCertificates(inspected)],
  }),
  rule({
    id: "secret-in-metadata",
    title: "no secret is a label or annotation",
    pitfalls: [3],
    find: inMetadata,
  }),
];
