/*
 * What a shell script shows of what it reads, as far as its text tells: commands and pipes are taken apart, variables are
 * not followed.
 */

/** Programs that say what they are told. */
const saying = new Set(["echo", "printf"]);

/** Programs that print what is in the files, or comes through the pipe, that they are given: all of it, or some. */
const showing = new Set(
  `cat head tail cut tac nl od xxd hexdump base64 base32 strings tee more less sort uniq fold rev paste column dd tr grep egrep
  fgrep diff comm`.split(/\s+/),
);

/** So few characters are what a token of any sort begins with. */
const harmless = 8;

/**
 * The parts of a line in which stands what it prints: of `echo` the variables and the output of commands, of `cat` and its
 * like all of it. Nothing of what goes into a file or a variable, or to a program that prints something else, a digest for
 * instance.
 */
export function shownIn(line: string): string[] {
  return split(line, /^(?:&&|\|\||;|&(?!>|\d))/).flatMap((command) => shownBy(command));
}

function shownBy(command: string): string[] {
  const stages = split(command, /^\|&?(?!\|)/).map((text) => ({ text, ...programOf(withoutCommands(text)) }));
  const last = stages.at(-1);
  if (!last || goesToFile(last.text)) return [];
  if (stages.some((stage) => !saying.has(stage.program) && !shows(stage))) return [];
  return stages.flatMap(({ program, text }) => (saying.has(program) ? saidIn(text) : [text]));
}

interface Program {
  program: string;
  /** All that stands behind its name. */
  args: string;
}

/** Behind the words of the shell that may stand before it. `<` where a file stands for its content. */
function programOf(text: string): Program {
  const [, program = "", args = ""] =
    /^\s*(?:(?:then|else|do|if|elif|while|until|!|\{|\(|time|exec|command|builtin|busybox|[A-Za-z_]\w*=\S*)\s+|\()*(<|[^\s<>]+)([\s\S]*)$/.exec(
      text,
    ) ?? [];
  return { program: program.replace(/^(?:\/usr)?\/bin\//, ""), args };
}

function shows({ program, args }: Program): boolean {
  if (program === "<") return true;
  if (!showing.has(program)) return false;
  if (/grep$/.test(program))
    return !/\s-\w*[qclLo]|--(?:quiet|silent|count|only-matching|files-with)/.test(args);
  if (program === "diff") return !/\s-\w*q|--brief/.test(args);
  if (program === "tr") return /\s-\w*[ds]/.test(args); // others may mask
  if (program === "dd") return !/\bof=/.test(args);
  const [, of, to] = /\s(?:-c|--bytes=|--characters=)\s*(?:(\d+)-)?(\d+)\b/.exec(args) ?? [];
  return to === undefined || Number(to) - Number(of ?? 1) + 1 > harmless;
}

/** Not what goes to the standard error: that is in the log too. */
const goesToFile = (stage: string): boolean =>
  /(?<![\d&<>-])(?:1|&)?>{1,2}\|?\s*(?!&[12]\b|\/dev\/(?:std|tty|fd|pts|console))\S/.test(outermost(stage));

/** Variables, and what commands in it show. Not `${x:+…}`, which says only that it is there. */
function saidIn(stage: string): string[] {
  const commands = substituted(stage);
  const variables = withoutCommands(stage).match(/\$(?:\w+|\{\w+(?!\w|:?\+))/g) ?? [];
  return [...variables, ...commands.flatMap(shownIn)];
}

const withoutCommands = (text: string): string =>
  substituted(text).reduce((rest, command) => rest.replace(command, () => ""), text);

/** The commands whose output stands in a text; not those within them. */
function substituted(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith("$((", at)) continue;
    const isOpen = text.startsWith("$(", at) || text[at] === "`";
    if (!isOpen) continue;
    const start = at + (text[at] === "`" ? 1 : 2);
    const end = endOf(text, start, text[at] === "`" ? "`" : ")");
    found.push(text.slice(start, end));
    at = end;
  }
  return found;
}

/** Where what is open at `start` is closed. */
function endOf(text: string, start: number, closing: string): number {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === closing && --depth === 0) return at;
    else if (closing === ")" && text[at] === "(") depth++;
  }
  return text.length;
}

/** The text without what is quoted and without commands whose output stands there. */
function outermost(text: string): string {
  let rest = "";
  split(text, /^$/, (character) => {
    rest += character;
  });
  return rest;
}

/** Parts between operators that are neither quoted nor within another command. */
function split(text: string, operator: RegExp, seen = (_character: string) => {}): string[] {
  const parts = [""];
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at, at + 3);
    const end = skipTo(text, at);
    if (end > at) {
      parts.push(parts.pop() + text.slice(at, end + 1));
      at = end;
      continue;
    }
    if (text[at] === '"') isQuoted = !isQuoted;
    const [found] = (!isQuoted && operator.exec(rest)) || [];
    if (found) {
      parts.push("");
      at += found.length - 1;
      continue;
    }
    if (!isQuoted) seen(text[at] ?? "");
    parts.push(parts.pop() + (text[at] ?? ""));
  }
  return parts;
}

/** The end of what is one thing to the shell, within double quotes too: an escaped character, a command's output. */
function skipTo(text: string, at: number): number {
  if (text[at] === "\\") return at + 1;
  if (text.startsWith("$(", at)) return endOf(text, at + 2, ")");
  return text[at] === "`" ? endOf(text, at + 1, "`") : at;
}
