import { gunzipSync, gzipSync } from "node:zlib";

/** A text, or of a large one its parts in their order, made anew whenever they are asked for. */
export type Text = string | Iterable<string>;

export const partsOf = (text: Text): Iterable<string> => (typeof text === "string" ? [text] : text);

/** So much is packed at once, in UTF-16 units: alike records are small side by side. */
const BLOCK = 2 ** 20;

/** A large text while it is put together and until it is read: what has come in is held packed, a tenth of it or less. */
export class PackedText {
  readonly #blocks: Buffer[] = [];
  #loose: string[] = [];
  #length = 0;

  add(text: string): void {
    this.#loose.push(text);
    this.#length += text.length;
    if (this.#length >= BLOCK) this.#pack();
  }

  /** All that was added so far, a block at a time. */
  *parts(): Generator<string> {
    for (const block of this.#blocks) yield gunzipSync(block).toString("utf8");
    if (this.#loose.length > 0) yield this.#loose.join("");
  }

  #pack(): void {
    this.#blocks.push(gzipSync(this.#loose.join(""), { level: 1 }));
    this.#loose = [];
    this.#length = 0;
  }
}
