import { type Html, html } from "./html.ts";
import type { Picture } from "./run-page-data.ts";

/** `opencode-flux-home` → "opencode flux home". */
function titleOf({ name }: Picture): string {
  const [, workspace = name, what = ""] = /^(.*)-([a-z]+)$/.exec(name) ?? [];
  return what === "" ? workspace : `${workspace}: ${titles[what] ?? what}`;
}

const titles: Record<string, string> = {
  home: "the first page",
  session: "a session, opened by its link",
  failed: "what the browser showed instead",
};

export function pictureView(picture: Picture): Html {
  const { source, width, height } = picture;
  const title = titleOf(picture);
  return html`<figure class="picture">
    <img src=${source} width=${width} height=${height} alt=${`Screenshot of ${title}`} />
    <figcaption>${title}</figcaption>
  </figure>`;
}

export function picturesView(pictures: readonly Picture[], leftOut: readonly string[]): Html {
  return html`<div>
    <div class="pictures">${pictures.map(pictureView)}</div>
    ${leftOut.length > 0 && html`<p class="note">Beside this page, too large to stand in it: ${leftOut.map((name) => html`<a href=${encodeURI(name)}>${name}</a> `)}</p>`}
  </div>`;
}
