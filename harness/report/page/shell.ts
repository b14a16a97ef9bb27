import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Html, html, render } from "./html.ts";

/** A part of a page, reached from its contents. */
export interface Section {
  id: string;
  title: string;
  /** Beside the title in the contents: how many there are. */
  count?: number | string | undefined;
  body: Html;
}

export interface Page {
  title: string;
  /** Above all sections. */
  head: Html;
  /** In order; those that have nothing to show are left out by who makes them. */
  sections: Section[];
  foot: Html;
}

const themes = ["auto", "light", "dark"] as const;

/**
 * The whole document: styles and script are in it, and its own policy forbids every request. Without the script all of
 * it can be read; the script adds keys and gestures.
 */
export async function renderPage({ title, head, sections, foot }: Page): Promise<string> {
  const [style, script] = await Promise.all([
    asset("base.css", "parts.css", "timeline.css"),
    asset("client.js"),
  ]);
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '${digest(script)}'`;
  const body = html`<body>
    <a class="skip" href="#content">To the content</a>
    <header class="top">
      ${head}
      <fieldset class="themes">
        <legend>Colours</legend>
        ${themes.map(
          (theme) => html`<label>
            <input type="radio" name="theme" value=${theme} checked=${theme === "auto"} />
            <span>${theme}</span>
          </label>`,
        )}
      </fieldset>
    </header>
    <div class="columns">
      <nav aria-label="Contents">
        <ol>
          ${sections.map(
            ({ id, title, count }) => html`<li>
              <a href=${`#${id}`}>${title}${count === undefined ? "" : html`<span class="count">${count}</span>`}</a>
            </li>`,
          )}
        </ol>
      </nav>
      <main id="content">
        ${sections.map(
          ({ id, title, body }) => html`<section id=${id} aria-labelledby=${`${id}-title`}>
            <h2 id=${`${id}-title`}>${title}</h2>
            ${body}
          </section>`,
        )}
      </main>
    </div>
    <footer>${foot}</footer>
  </body>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
${render(html`<title>${title}</title>`)}
<style>${style}</style>
</head>
${render(body)}
<script>${script}</script>
</html>
`;
}

async function asset(...names: string[]): Promise<string> {
  const texts = await Promise.all(names.map((name) => readFile(join(import.meta.dirname, name), "utf8")));
  return texts.join("\n");
}

const digest = (script: string) => `sha256-${createHash("sha256").update(script).digest("base64")}`;
