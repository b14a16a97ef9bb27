import { looksSwapped, type OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { replicationsIn, repositoryOf } from "../../reading/replications.ts";
import { actionsIn, namesIn, originsOf } from "../../reading/secret-origins.ts";
import { rule } from "../../rule.ts";
import { restless } from "../secrets/reloads.ts";

interface SecretSpec {
  target?: { template?: { data?: Record<string, unknown>; mergePolicy?: string } };
  data?: { secretKey?: string; remoteRef?: { key?: string } }[];
  dataFrom?: { sourceRef?: { generatorRef?: { kind?: string } } }[];
}

/** What an ExternalSecret makes a mover's variables of: its template, by the names of the variables. */
interface Repository {
  source: OwnedObject;
  made: OwnedObject;
  address: string;
  data: Record<string, string>;
  /** The store's name of a value that a template names. */
  stored(name: string): string;
}

function repositoriesOf(inspected: Inspected): Repository[] {
  const found = replicationsIn(inspected).flatMap((source) => {
    const { restic } = specOf<{ restic?: { repository?: string } }>(source);
    const repository = repositoryOf(inspected, source.object.metadata.namespace ?? "", restic?.repository);
    if (!repository) return [];
    const { target, data = [] } = specOf<SecretSpec>(repository.made);
    const template = Object.entries(target?.template?.data ?? {}).map(([name, text]) => [name, String(text)]);
    return {
      source,
      ...repository,
      data: Object.fromEntries(template),
      stored: (name: string) => data.find(({ secretKey }) => secretKey === name)?.remoteRef?.key ?? name,
    };
  });
  // A source and what restores it have one Secret.
  return [...new Map(found.map((one) => [one.made, one])).values()];
}

type Told = Pick<Fault, "message" | "remedy" | "severity"> & { field: string };

const each =
  (find: (repository: Repository, inspected: Inspected) => Told | undefined) =>
  (inspected: Inspected): Fault[] =>
    repositoriesOf(inspected).flatMap((one) => {
      const told = find(one, inspected);
      if (!told) return [];
      const { field, ...fault } = told;
      return [{ ...fault, ...inspected.placeOf(one.made, key("template"), key(field)) }];
    });

const password = "RESTIC_PASSWORD";

/** restic opens a repository with the password with which it was made, and with no other, for ever. */
const otherEachTime = each(({ made, data }) => {
  const word = actionsIn(data[password] ?? "")
    .map((action) => restless.exec(action)?.[1])
    .find(Boolean);
  if (word === undefined) return undefined;
  return {
    message: `${titleOf(made)} makes another ${password} at every refresh (${word}): what was backed up before can never be read again`,
    remedy: "store one password in Doppler, and keep a copy of it elsewhere",
    field: password,
  };
});

/** A secret that is changed when somebody has seen it, or when it expires. */
const ofWorkspace = each(({ made, data, stored }, inspected) => {
  const keys = namesIn(data[password] ?? "").map(stored);
  const changing = inspected.workspaces.flatMap(({ facts }) =>
    [
      facts.password?.source,
      facts.login?.source,
      ...facts.clones.flatMap(({ credentials }) => credentials),
    ].flatMap((source) => (source ? (originsOf(inspected, facts.namespace, source) ?? []) : [])),
  );
  const shared = keys.find((one) => changing.includes(one));
  if (shared === undefined) return undefined;
  return {
    message: `${titleOf(made)} makes ${password} of ${shared}, which a workspace has for a key: when that is changed, no backup can be read any more`,
    remedy: "give the backups a password of their own, which stays",
    field: password,
  };
});

/** A password that everybody who reads the repository knows. */
const inGit = each(({ made, data }) => {
  const text = data[password];
  if (text === undefined || text.trim() === "" || text.includes("{{") || text.includes("$")) return undefined;
  return {
    message: `${password} of ${titleOf(made)} stands in Git: whoever reads this repository and reaches the object store has sessions, code and logins`,
    remedy: "take it from Doppler",
    field: password,
  };
});

/** What restic reads: https://restic.readthedocs.io/en/stable/040_backup.html#environment-variables */
const known =
  /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|DEFAULT_REGION|REGION|PROFILE|SHARED_CREDENTIALS_FILE|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|EC2_METADATA_DISABLED)$/;
const pair = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;

/** Where one of the two keys of an object store is there, the other is called by its name too. */
const misspelt = each(({ made, data }) => {
  const names = Object.keys(data);
  const wrong = names.find((name) => name.startsWith("AWS_") && !known.test(name));
  const lacking = pair.find((one) => !names.includes(one));
  if (lacking === undefined || !names.some((name) => name.startsWith("AWS_"))) return undefined;
  return {
    message: `${titleOf(made)} gives the mover no ${lacking}${wrong ? `, and ${wrong}, which restic does not read` : ""}: the object store refuses it, and nothing is backed up`,
    remedy: `write ${lacking}`,
    field: wrong ?? "data",
  };
});

/** The user's name and his secret, each in the other's place. */
const swapped = each(({ made, data, stored }) => {
  const [name = "", secret = ""] = pair.map((one) =>
    namesIn(data[one] ?? "")
      .map(stored)
      .join(" "),
  );
  if (secret === "" || !looksSwapped(name, secret)) return undefined;
  return {
    message: `${titleOf(made)} makes ${pair[0]} of ${name}, and ${pair[1]} of ${secret}: they look exchanged, and the object store refuses the mover`,
    remedy: "exchange the two",
    severity: "warning" as const,
    field: pair[0],
  };
});

/** What a mover opens a repository with. */
export const backupKeyRules = [
  rule({
    id: "backup-unreadable",
    title: "backups can be read for as long as they are kept",
    pitfalls: [6],
    find: (inspected) => [...otherEachTime(inspected), ...ofWorkspace(inspected)],
  }),
  rule({
    id: "backup-password-in-git",
    title: "the password of backups is a secret",
    pitfalls: [3],
    find: inGit,
  }),
  rule({
    id: "backup-refused",
    title: "movers have the keys of the object store",
    find: (inspected) => [...misspelt(inspected), ...swapped(inspected)],
  }),
];
