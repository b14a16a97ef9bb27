/** What is not as it must be, in a sentence. */
export interface Finding {
  what: string;
}
