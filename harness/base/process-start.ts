import { readFileSync } from "node:fs";

/**
 * When the process was started: clock ticks after boot (field 22 of Linux' /proc/<pid>/stat), "running" on a system
 * without /proc, undefined when there is no such process. A process id alone may be given out again. What has ended and
 * was not buried, as in a container whose first process buries nobody, is none.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before this may hold anything, blanks and brackets too.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return /[ZX]/.test(fields[0] ?? "") ? undefined : fields[19];
  } catch {
    return isRunning(pid) ? "running" : undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's
  }
}
