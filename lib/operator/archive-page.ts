import { gunzipSync } from "node:zlib";
import * as z from "zod/mini";
import { UserError } from "../cli/user-error.ts";
import { deadLink, type Web } from "./fetch-one.ts";

const natural = z.int().check(z.nonnegative());

const pageSchema = z.object({
  instance: z.string(),
  backup: z.string(),
  takenAt: z.string(),
  dump: z.object({
    path: z.string().check(z.regex(/^[\w-][\w.-]*\.(dump|sql\.gz)$/)),
    bytes: natural,
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  }),
  files: z.nullable(z.object({ manifest: z.literal("files.json.gz") })),
});

/** What a link leads to, as far as whoever fetches it reads it. */
export type ArchivePage = z.infer<typeof pageSchema>;

const listSchema = z.object({
  instance: z.string(),
  backup: z.string(),
  files: z.array(z.object({ key: z.string(), size: natural, versionId: z.string() })),
});

export type ListedFile = z.infer<typeof listSchema>["files"][number];

const LINK =
  /^((?:https:\/\/[^\s/?#@]+|http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?)(?:\/[\w.-]+)*\/d\/[a-z][a-z0-9-]*\.[\w-]{43})(?:\/[\w.-]*)?$/;

/** Of a link to whatever it leads to: where all of it lies, with a slash at its end. Throws UserError that does not repeat it: it is a key. */
export function baseOf(link: string): string {
  const [, base] = LINK.exec(link.trim()) ?? [];
  if (base !== undefined) return `${base}/`;
  throw new UserError(
    "LINK: expected a link as it was made, like https://…/d/acme.…/acme-2026-11-22T1400Z.dump",
  );
}

/** Text and what it says. Throws UserError where the link leads nowhere, or to a dump alone. */
export async function pageAt(base: string, web: Web): Promise<[text: string, page: ArchivePage]> {
  const bytes = await bytesOf(`${base}archive.json`, web);
  const text = new TextDecoder().decode(bytes);
  return [text, parsed(pageSchema, text)];
}

/** Undefined where a text is no such page. */
export const readPage = (text: string): ArchivePage | undefined =>
  pageSchema.safeParse(json(text)).data;

/** The manifest of files, unpacked. Throws UserError where it is another's. */
export async function listAt(
  base: string,
  { instance, backup }: ArchivePage,
  web: Web,
): Promise<[text: string, files: readonly ListedFile[]]> {
  const bytes = await bytesOf(`${base}files.json.gz`, web);
  const text = new TextDecoder().decode(isPacked(bytes) ? gunzipSync(bytes) : bytes);
  const list = parsed(listSchema, text);
  if (list.instance === instance && list.backup === backup) return [text, list.files];
  throw new UserError(`the link's list of files is of ${list.backup}, its dump of ${backup}`, 1);
}

const isPacked = ([first, second]: Uint8Array) => first === 0x1f && second === 0x8b;

const ATTEMPTS = 5;

async function bytesOf(url: string, web: Web): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryBytes(url, web);
    if (typeof outcome !== "string") return outcome;
    if (attempt === ATTEMPTS) throw new UserError(`the link does not answer: ${outcome}`, 1);
    await web.pause(2 ** (attempt - 1));
  }
}

/** Or why there are none. */
async function tryBytes(url: string, web: Web): Promise<Uint8Array | string> {
  try {
    const response = await web.get(url);
    if (response.status === 404) throw deadLink();
    if (response.status !== 200) return `the answer was ${response.status}`;
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

function parsed<T>(schema: z.ZodMiniType<T>, text: string): T {
  const { data, error } = schema.safeParse(json(text));
  if (!error) return data;
  throw new UserError("the link answers, but not like one of ours: is it whole?", 1);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
