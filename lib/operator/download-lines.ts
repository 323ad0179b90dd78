import type { LinkView } from "../../functions/download/link-views.ts";
import type { MadeLink } from "../../functions/download/links.ts";
import type { FrozenCopy } from "../../functions/freeze/contract.ts";
import { dumpOf } from "../sla/dump-formats.ts";
import type { FreshKnown } from "./fresh-ask.ts";
import { freshWords } from "./fresh-words.ts";
import { hanging } from "./hanging.ts";
import { localTime } from "./local-time.ts";
import { sizeOf } from "./size.ts";

/** What was made and what to do with it. Commands and the link stay in one piece, however wide the screen. */
export function linkLines(made: MadeLink, timezone: string): readonly string[] {
  const { instance, id, url, file, until, copy } = made;
  const { takenAt, backup, dump, database } = copy;
  const local = localTime(timezone);
  const dumped = dumpOf(copy);
  return [
    ...hanging(`${instance}: `, `the frozen copy of ${local(takenAt)} (${backup})`),
    ...hanging("  dump     ", contentOf(copy)),
    `  SHA-256  ${dump.sha256}`,
    ...halfThere(copy),
    ...hanging("  link     ", `until ${local(until)}, for whoever has it; shown only now`),
    ...hanging("  locked   ", `until ${local(copy.retainUntil)}: nobody can delete it before`),
    "",
    url,
    "",
    ...hanging("  fetch    ", "once more after a break, it goes on where it was:"),
    `           curl -fL -C - -o ${file} '${url}'`,
    `           echo '${dump.sha256}  ${file}' | sha256sum -c`,
    ...hanging("  restore  ", `anywhere, with ${dumped.needs(dumped)}:`),
    ...dumped.restore(file, database).map((line) => `           ${line}`),
    ...FILES[made.files](made),
    ...hanging("  end it   ", `sla download ${instance} --revoke ${id}`),
  ];
}

function halfThere({ untransacted = [] }: FrozenCopy): readonly string[] {
  if (untransacted.length === 0) return [];
  const named = untransacted.slice(0, NAMED).join(", ");
  const all =
    untransacted.length > NAMED ? `${named} and ${untransacted.length - NAMED} more` : named;
  return hanging(
    "  without  ",
    `transactions: ${all}; what was being written is perhaps there by half`,
  );
}

/** So many tables are named. */
const NAMED = 3;

/** What a link leads to beside the dump, or why to nothing. */
const FILES: Readonly<Record<MadeLink["files"], (made: MadeLink) => readonly string[]>> = {
  none: () => [],
  missing: ({ instance }) =>
    hanging(
      "  files    ",
      `none by this link: those of this backup have not arrived yet, or are kept no longer (sla backups ${instance}); a link made later has them`,
    ),
  there: ({ url, archive }) => {
    const base = archive.slice(0, archive.lastIndexOf("/") + 1);
    return [
      ...hanging("  files    ", "that belong to it, with the dump, all checked:"),
      `           sla fetch '${url}' --to DIR`,
      ...hanging("           ", "or the files alone, with nothing of ours:"),
      `           curl -fL '${base}paths.txt' | sed 's|^|${base}|' |`,
      "           wget -c -x -nH --cut-dirs=4 -P files --retry-on-http-error=429,503 -i -",
    ];
  },
};

function contentOf(copy: FrozenCopy): string {
  const { dump, counted } = copy;
  const { title, server } = dumpOf(copy);
  const rows = counted ? `${counted.rows} rows of ${counted.tables} tables, ` : "";
  return `${sizeOf(dump.bytes)}, ${rows}of ${title} ${server}`;
}

/** What could be downloaded, and which links there are. */
export function listLines(
  instance: string,
  copies: readonly FrozenCopy[],
  links: readonly LinkView[],
  timezone: string,
  fresh?: FreshKnown,
): readonly string[] {
  const local = localTime(timezone);
  return [
    `${instance}: frozen copies${copies.length === 0 ? ": none" : ""}`,
    ...copies.flatMap((copy) =>
      hanging(
        `  ${local(copy.takenAt)}  `,
        `${contentOf(copy)}, locked until ${local(copy.retainUntil)}: ${copy.backup}`,
      ),
    ),
    ...(fresh ? hanging("  fresh one  ", freshlyAsked(fresh, local)) : []),
    `links${links.length === 0 ? ": none" : ""}`,
    ...links.flatMap((link) => hanging(`  ${link.id}  `, linkWords(link, local))),
  ];
}

function freshlyAsked({ request, stage, region }: FreshKnown, local: (at: string) => string) {
  const { state, words } = freshWords(stage, region);
  return `asked for ${local(request.askedAt)} by ${request.by}; ${state}: ${words}`;
}

function linkWords(link: LinkView, local: (at: string) => string): string {
  const { state, takenAt, by, until, clicks, lastClick, revoked, fetched } = link;
  const STATES = {
    open: `open until ${local(until)}`,
    expired: `expired ${local(until)}`,
    revoked: `revoked ${local(revoked?.at ?? until)} by ${revoked?.by}`,
  } as const;
  const last = lastClick
    ? `clicks: ${clicks}, the last ${local(lastClick.at)} from ${lastClick.from} (${lastClick.outcome})`
    : "never clicked";
  const files = fetched
    ? `; files fetched: ${fetched.led} or more, the last ${local(fetched.lastAt)}`
    : "";
  return `${STATES[state]}, to the data of ${local(takenAt)}, by ${by}; ${last}${files}`;
}
