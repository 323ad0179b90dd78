import type { FiledFile } from "./manifest.ts";

type Version = Pick<FiledFile, "key" | "versionId">;

/**
 * Whether a key can be a path below any directory, and in any URL: no empty, `.` or `..` part, no backslash, no control character. Others
 * go into no link.
 */
export const isPlainKey = (key: string): boolean =>
  key.isWellFormed() &&
  !/[\p{Cc}\\]/u.test(key) &&
  key.split("/").every((part) => !["", ".", ".."].includes(part));

/**
 * `VERSION/1a/1a0f…`: a version in the path of a URL; the key is plain. Some gateways hand a path on as it was sent and others decoded, so no
 * `%` of a key's own is in it: `~25` stands for it, and `~7E` for `~`.
 */
export function filePath({ versionId, key }: Version): string {
  const parts = [versionId, ...key.split("/")];
  return parts
    .map((part) => encodeURIComponent(part.replaceAll("~", "~7E").replaceAll("%", "~25")))
    .join("/");
}

/** What such a path names, decoded or not; undefined where it is none. */
export function versionAt(path: string): Version | undefined {
  const text = decoded(path);
  if (text === undefined || /~(?!25|7E)/.test(text)) return undefined;
  const [versionId = "", ...parts] = text.split("/").map(unescaped);
  const key = parts.join("/");
  const isVersion = /^[\w.+=-]{1,1024}$/.test(versionId) && isPlainKey(versionId);
  return isVersion && isPlainKey(key) ? { versionId, key } : undefined;
}

const unescaped = (part: string) => part.replaceAll("~25", "%").replaceAll("~7E", "~");

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

const LINES = 1000;

/** A line for each file that a link can lead to, below where it leads to files; a thousand at a time, of maybe two million. */
export function* pathList(files: readonly Version[]): Generator<string> {
  for (let from = 0; from < files.length; from += LINES) {
    const plain = files.slice(from, from + LINES).filter(({ key }) => isPlainKey(key));
    yield plain.map((file) => `files/${filePath(file)}\n`).join("");
  }
}
