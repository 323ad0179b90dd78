import { versionAt } from "../../lib/sla/backups/file-path.ts";
import { PAPERS, type Paper } from "./contract.ts";

/** What a path asks of a link. */
export type Asked = {
  readonly instance: string;
  readonly token: string;
} & (
  | { readonly kind: "dump"; readonly file?: string }
  | { readonly kind: "paper"; readonly paper: Paper }
  | { readonly kind: "file"; readonly key: string; readonly versionId: string }
);

const PATH =
  /^\/d\/(?<token>(?<instance>[a-z][a-z0-9-]{0,39})\.[\w-]{43})(?:\/(?<file>[\w.-]{1,100})|\/files\/(?<path>.{1,8000}))?$/s;

/** Undefined where a path is nobody's. */
export function askedFor(rawPath: string): Asked | undefined {
  const { instance, token, file, path } = PATH.exec(rawPath)?.groups ?? {};
  if (instance === undefined || token === undefined) return undefined;
  const link = { instance, token };
  if (path !== undefined) {
    const version = versionAt(path);
    return version && { ...link, kind: "file", ...version };
  }
  const paper = PAPERS.find((each) => each === file);
  if (paper !== undefined) return { ...link, kind: "paper", paper };
  return { ...link, kind: "dump", ...(file !== undefined && { file }) };
}
