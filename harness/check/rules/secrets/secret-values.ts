import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Spec {
  target?: { name?: string; template?: { type?: string; data?: Record<string, unknown> } };
  data?: { secretKey: string; remoteRef?: { key?: string; decodingStrategy?: string } }[];
}

const ours = ({ of, isOurs }: Inspected) => of("ExternalSecret").filter(({ owner }) => isOurs(owner));

/** A template of nothing but one value, and what stands around it. */
const alone = /^(\s*)\{\{(-?)[^{}]*?(-?)\}\}(\s*)$/;

/** Blanks around a value are part of it: of a password, nobody types them. */
function padded(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { target } = specOf<Spec>(one);
    const { name, namespace = "" } = one.object.metadata;
    const secret = target?.name ?? name;
    return Object.entries(target?.template?.data ?? {}).flatMap(([field, text]) => {
      const [, before = "", trimsBefore = "", trimsAfter = "", after = ""] = alone.exec(String(text)) ?? [];
      const around = `${trimsBefore ? "" : before}${trimsAfter ? "" : after}`;
      // A file may end with a line's end, and a shell takes it away.
      const isText = isVariable(inspected, namespace, secret, field) || /[ \t]/.test(around);
      if (around === "" || !isText) return [];
      return {
        message: `${field} of ExternalSecret ${name} has ${around.includes("\n") ? "a line's end" : "a blank"} around its value, which becomes part of it: as a password or token it is another one`,
        remedy: "write the value alone, in quotes on one line",
        ...inspected.placeOf(one, key("template"), key(field)),
      };
    });
  });
}

/** Whether a workspace takes a key of a Secret as a variable. */
function isVariable({ workspaces }: Inspected, namespace: string, secret: string, field: string): boolean {
  return workspaces.some(
    ({ facts, containers }) =>
      facts.namespace === namespace &&
      containers.some(({ container: { env = [], envFrom = [] } }) =>
        [
          ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef).filter((ref) => ref?.key === field),
          ...envFrom.map(({ secretRef }) => secretRef),
        ].some((ref) => ref?.name === secret),
      ),
  );
}

/** Base64 that External Secrets itself is to decode, of a value that is none. */
function decoded(inspected: Inspected): Fault[] {
  const { outside, blind } = inspected.home;
  if (blind.length > 0) return [];
  return ours(inspected).flatMap((one) =>
    (specOf<Spec>(one).data ?? []).flatMap(({ remoteRef }) => {
      const { key: name = "", decodingStrategy = "None" } = remoteRef ?? {};
      const known = outside.doppler[name];
      const isPlain = known !== undefined && known.base64 !== true && known.shape !== "text";
      // Letters and digits alone may be base64 by chance; a login has braces, a key has lines.
      const isGuessed = decodingStrategy === "Auto" && /^(password|pat)$/.test(known?.shape ?? "");
      if ((!decodingStrategy.startsWith("Base64") && !isGuessed) || !isPlain) return [];
      return {
        message: isGuessed
          ? `ExternalSecret ${one.object.metadata.name} decodes ${name} whenever it may be base64 (Auto): a password of 16 or 32 letters and digits becomes other bytes`
          : `ExternalSecret ${one.object.metadata.name} decodes ${name}, which is no base64 in Doppler`,
        remedy: "leave decodingStrategy out",
        ...(isGuessed ? { severity: "warning" as const } : {}),
        ...inspected.placeOf(one, new RegExp(`key: ["']?${escapeRegExp(name)}`), key("decodingStrategy")),
      };
    }),
  );
}

/** Keys that the API server wants in a Secret of a type. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

function otherTypes(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { type = "Opaque", data } = specOf<Spec>(one).target?.template ?? {};
    const hasLogin = data && ("username" in data || "password" in data);
    const needed =
      type === "kubernetes.io/basic-auth" && !hasLogin ? ["username or password"] : (wanted[type] ?? []);
    const lacking = data ? needed.filter((field) => !(field in data)) : [];
    if (lacking.length === 0) return [];
    return {
      message: `the API server refuses the Secret of ExternalSecret ${one.object.metadata.name}: type ${type} needs ${lacking.join(" and ")}`,
      remedy: "leave type out",
      ...inspected.placeOf(one, key("template"), key("type")),
    };
  });
}

/** What becomes of a value on its way from Doppler. */
export const secretValueRules = [
  rule({ id: "secret-padded", title: "values arrive as they are", pitfalls: [7], find: padded }),
  rule({ id: "secret-decoded", title: "only base64 is decoded", pitfalls: [1], find: decoded }),
  rule({
    id: "secret-type",
    title: "Secrets have the keys of their type",
    isBlocker: true,
    find: otherTypes,
  }),
];
