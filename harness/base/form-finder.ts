/** A stretch of a text that one form, or several that overlap, cover; the name is that of the longest of them. */
export interface Found {
  from: number;
  to: number;
  name: string;
}

/** No form is shorter: what is could be anybody's, and a head of so many characters is looked up at once. */
export const headLength = 8;

/**
 * Finds thousands of texts in another one, which is walked once however many there are: a run knows some thousand forms of
 * its secrets, and each word of its progress is looked through.
 */
export class FormFinder {
  /** Forms that begin alike, the longest first. */
  readonly #byHead = new Map<string, { form: string; name: string }[]>();
  /** Whether any form begins with characters of this mark: most places of a text are passed by for it. */
  readonly #marks = new Uint8Array(1 << 16);

  /** Of two names for one form the later counts. */
  add(form: string, name: string): void {
    if (form.length < headLength) throw new RangeError(`a form of ${form.length} characters is too short`);
    const head = form.slice(0, headLength);
    const others = (this.#byHead.get(head) ?? []).filter((other) => other.form !== form);
    this.#byHead.set(
      head,
      [...others, { form, name }].sort((one, other) => other.form.length - one.form.length),
    );
    this.#marks[markAt(form, 0)] = 1;
  }

  /** In the order of the text; none touches another. */
  find(text: string): Found[] {
    const found: (Found & { longest: number })[] = [];
    for (let at = 0; at <= text.length - headLength; at++) {
      if (this.#marks[markAt(text, at)] === 0) continue;
      const longest = this.#byHead
        .get(text.slice(at, at + headLength))
        ?.find(({ form }) => text.startsWith(form, at));
      if (longest === undefined) continue;
      const { form, name } = longest;
      const to = at + form.length;
      const last = found.at(-1);
      if (last === undefined || last.to <= at) {
        found.push({ from: at, to, name, longest: form.length });
        continue;
      }
      if (form.length > last.longest) Object.assign(last, { name, longest: form.length });
      last.to = Math.max(last.to, to);
    }
    return found;
  }
}

const markAt = (text: string, at: number): number =>
  ((text.charCodeAt(at) << 10) ^ (text.charCodeAt(at + 1) << 5) ^ text.charCodeAt(at + 2)) & 0xffff;
