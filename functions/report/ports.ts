import type { Text } from "../kernel/packed-text.ts";

/** Documents as people open them, which nothing overwrites. */
export interface Library {
  /** False if something lies there already. */
  create(key: string, text: Text, type: string): Promise<boolean>;
  text(key: string): Promise<string | undefined>;
  /** Of the bytes that lie there, however many; undefined if none do. */
  sha256(key: string): Promise<string | undefined>;
}

export interface ReportMail {
  readonly instance: string;
  /** A mail address. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** A page of its own. */
  readonly attached: { readonly name: string; readonly text: string };
}

/** Rejects if a mail did not leave. */
export type Post = (mail: ReportMail) => Promise<void>;
