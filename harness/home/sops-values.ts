import { randomBytes } from "node:crypto";
import { addSecret } from "../base/index.ts";
import { Tree, type TreeFile } from "../gitops/index.ts";
import { encrypt, isSopsFile, type SopsKey, withValues } from "./sops.ts";

/** A domain of nobody's, for a home whose own is behind SOPS. */
const madeUpDomain = "home.example";

/** Keys by which homes keep behind SOPS what whoever reads a page of theirs may see. */
const shown = /DOMAIN|EMAIL|_ADDR|TIMEZONE/;

/** As `madeUp` makes a secret. */
const ofOurs = /^[0-9a-f]{36}$/;

/**
 * The values that stand behind SOPS in this run: those of outside.yaml by their key, else made up, each once. The files are
 * published with them, encrypted for a key of the run, so that Flux's real decryption is what reads them.
 */
export class SopsValues {
  readonly #given: Readonly<Record<string, string>>;
  readonly #values: Map<string, string>;

  /** @param known by `secret/key`, those of a run that goes on */
  constructor(given: Readonly<Record<string, string>>, known: Iterable<readonly [string, string]> = []) {
    this.#given = given;
    this.#values = new Map(known);
    for (const [name, value] of this.#values) if (ofOurs.test(value)) hide(name, value);
  }

  /** Every value that was made up or given, by `secret/key`. */
  get all(): ReadonlyMap<string, string> {
    return this.#values;
  }

  /** Those whose key names what is no secret. */
  get public(): string[] {
    return [...this.#values].flatMap(([name, value]) => (shown.test(name) ? value : []));
  }

  valueFor = ({ secret, key }: SopsKey): string => {
    const name = `${secret}/${key}`;
    const known = this.#values.get(name) ?? this.#given[key];
    const value = known ?? madeUp(key);
    if (known === undefined) hide(name, value);
    this.#values.set(name, value);
    return value;
  };

  /** The tree as its owner reads it: with the values in place of what SOPS has encrypted. */
  plain(tree: Tree): Tree {
    return new Tree(
      [...tree.files].map(([path, file]) => [path, { ...file, content: this.#plain(path, file) }]),
    );
  }

  /** The tree as it is published: encrypted for the recipient (`age1…`). */
  async sealed(tree: Tree, recipient: string): Promise<Tree> {
    const files = [...tree.files].map(async ([path, file]): Promise<[string, TreeFile]> => {
      if (!isSealed(path, file)) return [path, file];
      const sealed = await encrypt(this.#plain(path, file).toString(), recipient);
      return [path, { ...file, content: Buffer.from(sealed) }];
    });
    return new Tree(await Promise.all(files));
  }

  #plain(path: string, file: TreeFile): Buffer {
    if (!isSealed(path, file)) return file.content;
    return Buffer.from(withValues(file.content.toString(), this.valueFor));
  }
}

/** Files of the tree that SOPS has encrypted. */
export function sealedFiles(tree: Tree): string[] {
  return [...tree.files].filter(([path, file]) => isSealed(path, file)).map(([path]) => path);
}

function isSealed(path: string, { content, mode }: TreeFile): boolean {
  return mode !== "120000" && /\.ya?ml$/.test(path) && isSopsFile(content.toString());
}

/** What outside.yaml gives is hidden from nobody: it stands there in plain text. */
function hide(name: string, value: string): void {
  if (!shown.test(name)) addSecret(name, value);
}

function madeUp(key: string): string {
  if (/DOMAIN/.test(key)) return madeUpDomain;
  if (/EMAIL/.test(key)) return `owner@${madeUpDomain}`;
  return randomBytes(18).toString("hex");
}
