import { posix } from "node:path";
import { Tree, type TreeFile } from "../gitops/index.ts";

/** Something that a kustomization file takes from the network. */
export interface RemoteBase {
  file: string;
  /** Counted from 1. */
  line: number;
  address: string;
}

/** Kustomize refuses a file that asks for nothing; with an option of generators, of which it has none, it builds nothing. */
function notEmpty(text: string): string {
  const isEmpty =
    !/^\s*-\s/m.test(text) && !/^(?:generatorOptions|namespace|configMapGenerator)\b/m.test(text);
  return isEmpty ? `${text.trimEnd()}\ngeneratorOptions: { disableNameSuffixHash: true }\n` : text;
}

const remoteEntry = /^\s*-\s+["']?((?:https?:\/\/|ssh:\/\/|git::|git@|github\.com\/)[^\s"'#]+).*$/;

/**
 * A tree without what its kustomization files take from elsewhere (an operator's own definitions, mostly): rendering asks no
 * network, and the rest of such a directory is to be seen. Lines keep their numbers.
 */
export function localTree(tree: Tree): { tree: Tree; remote: RemoteBase[] } {
  const remote: RemoteBase[] = [];
  const files = [...tree.files].map(([path, file]): [string, TreeFile] => {
    if (!/^[Kk]ustomization(?:\.ya?ml)?$/.test(posix.basename(path)) || file.mode === "120000")
      return [path, file];
    const lines = file.content.toString("utf8").split("\n");
    const local = lines.map((text, index) => {
      const address = remoteEntry.exec(text)?.[1];
      if (address === undefined) return text;
      remote.push({ file: path, line: index + 1, address });
      return "";
    });
    if (local.every((text, index) => text === lines[index])) return [path, file];
    return [path, { mode: file.mode, content: Buffer.from(notEmpty(local.join("\n"))) }];
  });
  return { tree: remote.length > 0 ? new Tree(files) : tree, remote };
}
