import { type Audience, aliasOf, folderOf } from "./address.ts";
import { MISSING_PAGE, ROOT_PAGE } from "./contract.ts";
import { atomFeed, jsonFeed } from "./feeds.ts";
import { iCalendar } from "./icalendar.ts";
import { MISSING } from "./missing-page.ts";
import { statusPage } from "./page.ts";
import { statusJson } from "./page-json.ts";
import { STATUS_STYLE } from "./style.ts";
import { customerView, publicView, type Scene, type View } from "./view.ts";

/** Something that is served. */
export interface File {
  readonly body: string;
  /** MIME type. */
  readonly type: string;
}

export interface Place {
  /** `https://…/` */
  readonly address: string;
  readonly secret: string;
}

const STYLESHEET = "style.css";

/** All that lies in the bucket, by key: the pages for everybody at its root, those of a customer below its token. */
export function filesOf(
  scene: Scene,
  audiences: readonly Audience[],
  { address, secret }: Place,
): ReadonlyMap<string, File> {
  const stylesheet = `/${STYLESHEET}`;
  const folder = (path: string, view: View): readonly (readonly [string, File])[] => [
    [`${path}${ROOT_PAGE}`, file("text/html", statusPage(view, { stylesheet }))],
    [`${path}status.json`, file("application/json", statusJson(view))],
    [`${path}maintenance.ics`, file("text/calendar", iCalendar(view, address))],
    [
      `${path}feed.atom`,
      file("application/atom+xml", atomFeed(view, address, `${address}${path}`)),
    ],
    [
      `${path}feed.json`,
      file("application/feed+json", jsonFeed(view, address, `${address}${path}`)),
    ],
  ];
  const everybody = publicView(scene, (id) => aliasOf(secret, id));
  return new Map([
    [STYLESHEET, file("text/css", STATUS_STYLE)],
    [MISSING_PAGE, file("text/html", MISSING)],
    ...folder("", everybody),
    ...audiences.flatMap(({ key, instances }) =>
      folder(folderOf(secret, key), customerView(scene, instances)),
    ),
  ]);
}

const file = (type: string, body: string): File => ({ body, type: `${type}; charset=utf-8` });
