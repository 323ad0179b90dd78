import { type Html, html } from "../page/html.ts";
import type { Speaker } from "./speaker.ts";

/** How many a page leaves out; all of them are in the JSON. */
export const moreThan = (most: number, all: number, { say }: Speaker): Html =>
  all > most ? html`<p class="soft">${say("more", { n: all - most })}</p>` : html``;
