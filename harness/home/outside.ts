import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { HarnessError, messageOf } from "../base/index.ts";

const shapes = ["pat", "password", "login", "ssh-key", "text"] as const;

const dopplerKey = z.strictObject({
  /** What a fresh value looks like: a GitHub token, a password, OpenCode's auth.json, an OpenSSH private key, or any word. */
  shape: z.enum(shapes),
  /** Stored in base64, for trees that decode it. */
  base64: z.boolean().optional(),
  /** The value itself, where it is no secret: an address, for instance. */
  value: z.string().optional(),
});

/** What no Git holds; see fixtures/home/outside.yaml. */
export const outsideFile = z.strictObject({
  /** Doppler's config: key to what its value looks like. */
  doppler: z.record(z.string(), dopplerKey).default({}),
  /** Values behind SOPS, by their key; what is not here is made up. */
  sops: z.record(z.string(), z.string()).default({}),
  repositories: z
    .array(
      z.strictObject({
        /** `owner/name` on GitHub. */
        repository: z.string(),
        /** Doppler keys whose values open it; none: everybody may read it. */
        opens: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  /** Accounts of the object store beside MinIO's root user: two keys of doppler each, an account's name and its secret. */
  accounts: z.array(z.strictObject({ access: z.string(), secret: z.string() })).default([]),
  /** Host names that the owner's DNS has, or is to have. */
  zone: z.array(z.string()).default([]),
  /** Those of which the whole world may know: public records are wanted for them and for no others. Not given: not judged. */
  published: z.array(z.string()).optional(),
});

export type Outside = z.infer<typeof outsideFile>;
export type SecretShape = (typeof shapes)[number];
export type DopplerKey = z.infer<typeof dopplerKey>;

/** @throws HarnessError `usage` that names the file and what is wrong in it. */
export async function readOutside(file: string): Promise<Outside> {
  const wrong = (what: string) =>
    new HarnessError(`${file}: ${what}`, {
      code: "usage",
      remedy: "fixtures/home/outside.yaml shows what such a file holds.",
    });
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw wrong(messageOf(error));
  });
  const parsed = outsideFile.safeParse(parsedYaml(text, wrong) ?? {});
  if (!parsed.success) throw wrong(z.prettifyError(parsed.error));
  const unknown = parsed.data.repositories
    .flatMap(({ opens }) => opens)
    .find((key) => !parsed.data.doppler[key]);
  if (unknown !== undefined)
    throw wrong(`${unknown} opens a repository, and is not among the keys of doppler`);
  const nobody = parsed.data.accounts
    .flatMap(({ access, secret }) => [access, secret])
    .find((key) => !parsed.data.doppler[key]);
  if (nobody !== undefined) throw wrong(`${nobody} is of an account, and is not among the keys of doppler`);
  return parsed.data;
}

function parsedYaml(text: string, wrong: (what: string) => HarnessError): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw wrong(messageOf(error));
  }
}
