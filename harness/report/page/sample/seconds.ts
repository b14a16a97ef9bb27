/** Seconds as the whole milliseconds that runs store. */
export const ms = (seconds: number) => Math.round(seconds * 1_000);
