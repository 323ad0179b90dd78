import { disruptionsIn, titleOf } from "./page.ts";
import { revisedAt } from "./planned.ts";
import type { Row, View } from "./view.ts";
import { lasting, localTime } from "./words.ts";
import { xml } from "./xml.ts";

/** One disruption, as both feeds say it. */
interface Entry {
  /** `tag:` URI: the same for ever. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly published: string;
  readonly updated: string;
}

/** Of RFC 4151: the domain, a day on which the provider had it, and what it names. */
const tagOf = (address: string, name: string) =>
  `tag:${new URL(address).hostname},2026-01-01:${name}`;

/** The newest first. */
const entriesOf = (view: View, address: string): readonly Entry[] =>
  [...disruptionEntries(view, address), ...maintenanceEntries(view, address)].toSorted((a, b) =>
    a.published < b.published ? 1 : -1,
  );

const maintenanceEntries = (view: View, address: string): readonly Entry[] =>
  view.maintenance.map((planned) => {
    const { id, kind, from, to, reason, whom, announced, cancelled } = planned;
    const span = `${localTime(from, view.timezone)} to ${localTime(to, view.timezone)}`;
    const what = kind === "planned" ? "Maintenance" : "Emergency maintenance";
    const names = whom.length === 0 ? "" : ` of ${whom.join(", ")}`;
    return {
      id: tagOf(address, `maintenance/${id}`),
      title: `${cancelled === undefined ? "" : "Cancelled: "}${what}${names}, ${span}`,
      text: `${reason} (${view.timezone})`,
      published: announced,
      updated: revisedAt(planned),
    };
  });

const disruptionEntries = (view: View, address: string): readonly Entry[] =>
  disruptionsIn(view).map(({ row, disruption: { id, from, to, extent } }) => {
    const who = whoOf(row, extent);
    const began = localTime(from, view.timezone);
    return {
      id: tagOf(address, `disruption/${id}`),
      title:
        to === undefined
          ? `${who} down since ${began}`
          : `${who} down for ${lasting(Date.parse(to) - Date.parse(from))}`,
      text: `From ${began} ${to === undefined ? "on; it lasts" : `to ${localTime(to, view.timezone)}`} (${view.timezone}).`,
      published: from,
      updated: to ?? from,
    };
  });

const whoOf = ({ kind, name }: Row, extent: "all" | "some"): string =>
  kind === "instance" ? name : `Hosting in ${name}: ${extent}`;

const updatedOf = (entries: readonly Entry[]) =>
  entries
    .map(({ updated }) => updated)
    .toSorted()
    .at(-1) ?? "2026-01-01T00:00:00.000Z";

/** RFC 4287. `folder`: of the page, absolute. Changes only where a disruption begins or ends. */
export function atomFeed(view: View, address: string, folder: string): string {
  const entries = entriesOf(view, address);
  const { xml: text } = xml`<feed xmlns="http://www.w3.org/2005/Atom">
<title>${titleOf(view)}</title>
<id>${tagOf(address, `feed/${view.audience}`)}</id>
<updated>${updatedOf(entries)}</updated>
<author><name>${view.provider}</name></author>
<link rel="self" type="application/atom+xml" href="${folder}feed.atom"/>
<link rel="alternate" type="text/html" href="${folder}index.html"/>
${entries.map(
  ({ id, title, text, published, updated }) => xml`<entry>
<title>${title}</title>
<id>${id}</id>
<published>${published}</published>
<updated>${updated}</updated>
<link rel="alternate" type="text/html" href="${folder}index.html"/>
<content type="text">${text}</content>
</entry>`,
)}
</feed>
`;
  return `<?xml version="1.0" encoding="utf-8"?>\n${text}`;
}

/** https://www.jsonfeed.org/version/1.1/ */
export function jsonFeed(view: View, address: string, folder: string): string {
  const feed = {
    version: "https://jsonfeed.org/version/1.1",
    title: titleOf(view),
    home_page_url: `${folder}index.html`,
    feed_url: `${folder}feed.json`,
    language: "en",
    authors: [{ name: view.provider }],
    items: entriesOf(view, address).map(({ id, title, text, published, updated }) => ({
      ...{ id, title, url: `${folder}index.html`, content_text: text },
      ...{ date_published: published, date_modified: updated },
    })),
  };
  return `${JSON.stringify(feed, null, 1)}\n`;
}
