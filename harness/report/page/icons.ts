import { type Html, html } from "./html.ts";

const paths = {
  passed: "M3.5 8.5l3 3 6-7",
  failed: "M4.5 4.5l7 7m0-7l-7 7",
  skipped: "M4 8h8",
  "not applicable": "M4 12l8-8M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11z",
  warning: "M8 3.5v5.5M8 12.2v.1",
} as const;

export type IconName = keyof typeof paths;

/** Drawn, so that it looks the same everywhere; beside it always stands a word. */
export function icon(name: IconName): Html {
  return html`<svg class="icon ${name.replace(" ", "-")}" viewBox="0 0 16 16" aria-hidden="true">
    <path d=${paths[name]} />
  </svg>`;
}
