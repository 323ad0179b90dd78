import { createInterface } from "node:readline/promises";
import { UserError } from "./user-error.ts";

interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * Asks a person at a terminal to type a name. Throws UserError unless they typed it, or where there is no terminal: what no
 * script may begin has no flag either.
 */
export async function typedName(
  question: string,
  name: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  if (!input.isTTY) {
    throw new UserError("a person has to type the name of the instance: run it in a terminal", 1);
  }
  const lines = createInterface({ input, output });
  try {
    const ended = new Promise<string>((done) => lines.once("close", () => done("")));
    const typed = await Promise.race([lines.question(question).catch(() => ""), ended]);
    if (typed.trim() === name) return;
    throw new UserError(`expected '${name}', got '${typed.trim()}': nothing was changed`, 1);
  } finally {
    lines.close();
  }
}
