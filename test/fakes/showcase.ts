import { createHash } from "node:crypto";
import type { File } from "../../functions/status/files.ts";
import type { Showcase } from "../../functions/status/ports.ts";

/** The bucket of pages in memory. */
export class MemoryShowcase implements Showcase {
  readonly files = new Map<string, File>();

  async list(): Promise<ReadonlyMap<string, string>> {
    const md5 = (text: string) => createHash("md5").update(text).digest("hex");
    return new Map([...this.files].map(([key, { body }]) => [key, md5(body)]));
  }

  async put(key: string, file: File): Promise<void> {
    this.files.set(key, file);
  }

  async remove(key: string): Promise<void> {
    this.files.delete(key);
  }

  has(key: string): boolean {
    return this.files.has(key);
  }

  keys(): string[] {
    return [...this.files.keys()].toSorted();
  }

  body(key: string): string {
    const file = this.files.get(key);
    if (!file) throw new Error(`there is no ${key}`);
    return file.body;
  }
}
