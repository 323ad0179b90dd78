import type { File } from "./files.ts";

/** The bucket from which pages are served. No method tells a key to a log: those of customers are secret. */
export interface Showcase {
  /** MD5 in hex by key, of all that lies there. */
  list(): Promise<ReadonlyMap<string, string>>;
  put(key: string, file: File): Promise<void>;
  /** One that is not there is no error. */
  remove(key: string): Promise<void>;
}
