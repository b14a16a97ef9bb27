/** Writes a file below the directory of the evidence, redacted; an empty one not at all. */
export type Write = (file: string, text: string) => Promise<void>;

/** Does one part of the work; that it could not be done is noted and costs nothing else. */
export type Attempt = (what: string, work: () => Promise<void>) => Promise<void>;
