import type { Finding } from "./finding.ts";

/** How a command ended. */
export interface Ended {
  /** As it is typed. */
  command: string;
  /** Undefined where a signal ended it, or nobody could see. */
  exitCode: number | undefined;
  /** All that it said. */
  said: string;
  /** It did not end by itself in the time that it had. */
  hung: boolean;
  /** What was left as soon as it had ended, where that was looked at. */
  left?: Finding[];
}

/** What every command must keep to, whatever happens to it; `codes` are those that it may end with. */
export function judgeEnded(ended: Ended, codes: readonly number[]): Finding[] {
  const { command, exitCode, said, hung } = ended;
  const about = (what: string) => ({ what: `${command} ${what}` });
  if (hung) return [about("did not end")];
  const isWrong = exitCode !== undefined && !codes.includes(exitCode);
  return [
    ...(hasCrashed(said) ? [about("ended with an error that nobody caught")] : []),
    ...(isWrong ? [about(`ended with exit code ${exitCode}, and not with ${codes.join(" or ")}`)] : []),
    ...(exitCode === 3 && !saysWhatToDo.test(said) ? [about("does not say what to do")] : []),
  ];
}

/** Below an error, or in a verdict. */
const saysWhatToDo = /^error: .+\n.+|What to do: .+/m;

/** Node's last words. */
const hasCrashed = (said: string) => /^Node\.js v\d+/m.test(said);
