import type { Readable } from "node:stream";
import { UserError } from "./user-error.ts";

export type Input = AsyncIterable<Buffer | string> & { readonly isTTY?: boolean };

/**
 * All of it as text.
 *
 * @param wanted what belongs there, for whoever sits at a terminal and waits
 * Throws UserError where nothing is piped in or it cannot be read.
 */
export async function textOf(input: Input, wanted: string): Promise<string> {
  if (input.isTTY === true) throw new UserError(`standard input is this terminal: ${wanted}`);
  const text = await whole(input);
  if (text.trim() === "") throw new UserError(`standard input is empty: ${wanted}`);
  // What some editors and shells put before the first character.
  return text.replace(/^\uFEFF/, "");
}

async function whole(input: Input): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of input as Readable) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString("utf8");
  } catch (cause) {
    const { message } = cause as Error;
    throw new UserError(`standard input cannot be read: ${message}`, 2, { cause });
  }
}
