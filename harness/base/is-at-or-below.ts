/** Whether an absolute path is the directory, or in it at whatever depth. */
export const isAtOrBelow = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(`${directory.replace(/\/$/, "")}/`);
