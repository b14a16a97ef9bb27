import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { secondsOf } from "../../reading/durations.ts";
import { type Inspected, type InspectedWorkspace, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { originsOf, placeOfKey } from "../../reading/secret-origins.ts";
import { isTemplateFunction } from "../../reading/template-functions.ts";
import { rule } from "../../rule.ts";

interface Spec {
  refreshInterval?: string;
  refreshPolicy?: string;
  target?: {
    name?: string;
    creationPolicy?: string;
    immutable?: boolean;
    template?: { data?: Record<string, unknown> };
  };
  data?: { secretKey: string; remoteRef?: { key?: string; decodingStrategy?: string } }[];
}

const ours = ({ of, concernsUs }: Inspected) => of("ExternalSecret").filter(concernsUs);

function neverRefreshed(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { refreshInterval = "1h", refreshPolicy, target } = specOf<Spec>(one);
    const { name } = one.object.metadata;
    const isNever = /^0+(\.0+)?[a-zµ]*$/.test(refreshInterval);
    const why = target?.immutable
      ? ["immutable", "its Secret cannot change"]
      : refreshPolicy === "CreatedOnce" || refreshPolicy === "OnChange"
        ? ["refreshPolicy", `it is fetched ${refreshPolicy}`]
        : isNever
          ? ["refreshInterval", "it is fetched once"]
          : undefined;
    if (!why) return [];
    return {
      message: `ExternalSecret ${name} never looks again (${why[1]}): a new key or login in the store does not reach the workspace`,
      remedy: "write refreshInterval: 30m, and neither refreshPolicy nor immutable",
      ...inspected.placeOf(one, key(why[0] ?? "spec")),
    };
  });
}

const day = 24 * 3600;

/** A rotation that the seed script, a leak or an expired token asks for is meant to arrive on the same day. */
function refreshedLate(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { refreshInterval, refreshPolicy, target } = specOf<Spec>(one);
    const seconds = secondsOf(refreshInterval) ?? 0;
    const isNever = target?.immutable || (refreshPolicy ?? "Periodic") !== "Periodic";
    if (seconds <= day || isNever) return [];
    const days = Math.round(seconds / day);
    return {
      message: `ExternalSecret ${one.object.metadata.name} looks again after ${refreshInterval} (${days} days): so long a new key or login in the store does not reach the workspace`,
      remedy: "write refreshInterval: 30m",
      ...(days > 7 ? {} : { severity: "warning" as const }),
      ...inspected.placeOf(one, key("refreshInterval")),
    };
  });
}

/** Whether a pod mounts a Secret, or takes variables from it. */
const names = (pod: object, secret: string): boolean =>
  new RegExp(`"(secretName|name)":"${escapeRegExp(secret)}"`).test(JSON.stringify(pod));

function neverMade(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { target } = specOf<Spec>(one);
    const { creationPolicy } = target ?? {};
    if (creationPolicy !== "None" && creationPolicy !== "Merge") return [];
    const { name, namespace = "" } = one.object.metadata;
    const secret = target?.name ?? name;
    const others = inspected
      .of("ExternalSecret")
      .some(
        (other) =>
          other !== one &&
          other.object.metadata.namespace === namespace &&
          (specOf<Spec>(other).target?.name ?? other.object.metadata.name) === secret,
      );
    const isThere = others || inspected.objects.find("Secret", { namespace, name: secret }) !== undefined;
    if (isThere) return [];
    const isUsed = inspected.workspaces.some(
      ({ facts, workload }) => facts.namespace === namespace && names(workload.pod, secret),
    );
    return {
      message: `ExternalSecret ${name} makes no Secret (creationPolicy: ${creationPolicy}), and nobody else in the tree makes ${secret}`,
      remedy: "write creationPolicy: Owner",
      // A Secret may be made by hand, or by an operator.
      ...(isUsed ? {} : { severity: "warning" as const, isBlocker: false }),
      ...inspected.placeOf(one, key("creationPolicy")),
    };
  });
}

/** What Go's templates refuse: braces that open and do not close (others are plain text), words that are neither a value nor a function. */
function wrongTemplates(inspected: Inspected): Fault[] {
  return ours(inspected).flatMap((one) => {
    const { target, data = [] } = specOf<Spec>(one);
    const { name } = one.object.metadata;
    return Object.entries(target?.template?.data ?? {}).flatMap(([field, text]) => {
      const why = whyRefused(String(text), new Set(data.map(({ secretKey }) => secretKey)));
      if (!why) return [];
      return {
        message: `the template of ExternalSecret ${name} for ${field} cannot be read: ${why.message}`,
        remedy: why.remedy,
        ...inspected.placeOf(one, key("template"), key(field)),
      };
    });
  });
}

function whyRefused(template: string, brought: ReadonlySet<string>) {
  const rest = template.replaceAll(/\{\{[\s\S]*?\}\}/g, "");
  if (rest.includes("{{"))
    return { message: "its braces do not close", remedy: "write {{ .NAME }}, with two braces on each side" };
  for (const [, action = ""] of template.matchAll(/\{\{-?\s*([\s\S]*?)\s*-?\}\}/g)) {
    if (action.startsWith("/*")) continue;
    const plain = action.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
    for (const [, word = ""] of plain.matchAll(/(?<![\w.$"])([A-Za-z_]\w*)(?![\w]*:?=)/g)) {
      if (isTemplateFunction(word)) continue;
      const isValue = brought.has(word) || /^[A-Z][A-Z0-9_]+$/.test(word);
      return {
        message: `there is no function ${word}`,
        remedy: isValue
          ? `write .${word}: a value has a dot before it`
          : "name a function of External Secrets or sprig (b64dec, trim, …)",
      };
    }
  }
  return undefined;
}

const decodes = /\|\s*b64dec\b|\bb64dec\s+\./;

/** A value that is base64 in Doppler and nobody decodes, or the other way round. */
function wrongEncoding(inspected: Inspected): Fault[] {
  const { outside, blind } = inspected.home;
  if (blind.length > 0) return [];
  return ours(inspected).flatMap((one) => {
    const { target, data = [] } = specOf<Spec>(one);
    return Object.entries(target?.template?.data ?? {}).flatMap(([field, text]) => {
      const names = [...String(text).matchAll(/\.([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
      const keys = names.map(
        (name) => data.find(({ secretKey }) => secretKey === name)?.remoteRef?.key ?? name,
      );
      const known = keys.flatMap((name) =>
        outside.doppler[name] ? [{ name, ...outside.doppler[name] }] : [],
      );
      const [first] = known;
      if (!first || known.length > 1 || first.shape === "text") return [];
      const { decodingStrategy = "None" } =
        data.find(({ secretKey }) => secretKey === names[0])?.remoteRef ?? {};
      const isDecoded = decodes.test(String(text)) || decodingStrategy.startsWith("Base64");
      if ((first.base64 ?? false) === isDecoded || decodingStrategy === "Auto") return [];
      return {
        message: first.base64
          ? `${field} of ExternalSecret ${one.object.metadata.name} is ${first.name} as it is in Doppler, in base64`
          : `${field} of ExternalSecret ${one.object.metadata.name} decodes ${first.name}, which is no base64 in Doppler`,
        remedy: first.base64 ? `write {{ .${names[0]} | b64dec }}` : `write {{ .${names[0]} }}`,
        ...inspected.placeOf(one, key("template"), key(field)),
      };
    });
  });
}

/** A password that is a token: who knows the one has the other. */
function otherPassword(inspected: Inspected): Fault[] {
  const { outside, blind } = inspected.home;
  if (blind.length > 0) return [];
  return inspected.workspaces.flatMap((workspace) => {
    const { password, namespace, name } = workspace.facts;
    const keys = (password?.source && originsOf(inspected, namespace, password.source)) ?? [];
    const wrong = keys.find((one) => !["password", "text", undefined].includes(outside.doppler[one]?.shape));
    if (wrong === undefined) return [];
    return {
      message: `the password of ${name} is made of ${wrong}, which holds a ${outside.doppler[wrong]?.shape}`,
      remedy: "name the key in which the password is",
      ...placeOfKey(inspected, workspace, password?.source?.key ?? wrong),
    };
  });
}

/** A login of another workspace, where Doppler has one that nobody asks for. */
function otherLogin(inspected: Inspected): Fault[] {
  const { outside, blind } = inspected.home;
  if (blind.length > 0) return [];
  const loginOf = ({ facts: { login, namespace } }: InspectedWorkspace) =>
    (login?.source && originsOf(inspected, namespace, login.source)) ?? [];
  const used = new Set(inspected.workspaces.flatMap(loginOf));
  const [unused] = Object.entries(outside.doppler)
    .filter(([name, { shape }]) => shape === "login" && !used.has(name))
    .map(([name]) => name);
  if (unused === undefined) return [];
  return inspected.workspaces.flatMap((workspace, index) => {
    const before = inspected.workspaces.slice(0, index);
    return loginOf(workspace).flatMap((name) => {
      const other = before.find((one) => loginOf(one).includes(name));
      if (!other) return [];
      return {
        message: `${workspace.facts.name} and ${other.facts.name} have one login, ${name}, and nobody asks for ${unused}`,
        remedy: `give each its own: ${unused}`,
        ...placeOfKey(inspected, workspace, name),
      };
    });
  });
}

/** How Secrets come to be, and how a change of them arrives. */
export const secretLifeRules = [
  rule({
    id: "never-refreshed",
    title: "changes in Doppler arrive",
    pitfalls: [7, 11],
    find: (inspected) => [...neverRefreshed(inspected), ...refreshedLate(inspected)],
  }),
  rule({
    id: "secret-unmade",
    title: "every ExternalSecret makes its Secret",
    pitfalls: [5],
    isBlocker: true,
    find: neverMade,
  }),
  rule({
    id: "template-refused",
    title: "templates of ExternalSecrets can be read",
    pitfalls: [7],
    isBlocker: true,
    find: wrongTemplates,
  }),
  rule({ id: "wrong-encoding", title: "base64 is decoded once", pitfalls: [1], find: wrongEncoding }),
  rule({ id: "password-of-other-key", title: "passwords are passwords", find: otherPassword }),
  rule({ id: "login-of-other", title: "each login is its workspace's", pitfalls: [11], find: otherLogin }),
];
