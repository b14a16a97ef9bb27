/** The working tree that a mutant edits, in memory; the files on disk stay as they are. */
export interface Tree {
  /** Replaces `from`, which must occur, in the file `path` (relative to the tree). */
  replaceText(path: string, from: string, to: string): void;
  /** Edits the one object of this kind and name, wherever in the tree it stands. */
  editObject(
    object: { kind: string; name: string; namespace?: string },
    edit: (object: Record<string, unknown>) => void,
  ): void;
}

/** A mistake that people make, as a small edit of the manifests, and where the scenario must notice it. */
export interface Mutant {
  /** Kebab-case, unique within its scenario. */
  name: string;
  title: string;
  /** Number of the pitfall that it falls into. */
  pitfall?: number;
  edit: (tree: Tree) => void;
  caughtBy: {
    /** Title of the step that must fail. */
    step: string;
    /** What the failure must say, so that it fails for this reason and no other. */
    message: RegExp;
  };
}
