import { existsSync } from "node:fs";
import { join } from "node:path";

export interface Handler {
  /** File that exports the handler, absent if none of Lambda's endings exists. */
  readonly file: string | undefined;
  readonly moduleName: string;
  readonly exportName: string;
}

/** Finds `index.handler` in the code folder as Lambda does. */
export function handlerIn(directory: string, handler: string): Handler {
  const [moduleName = "", exportName = ""] = handler.split(/\.(?=[^.]*$)/);
  const file = [".mjs", ".js", ".cjs"]
    .map((ending) => join(directory, moduleName + ending))
    .find(existsSync);
  return { file, moduleName, exportName };
}
