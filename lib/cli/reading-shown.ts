import type { NamedShelf } from "../operator/ledger-copies.ts";

/** A line for every record would take longer than to read them. */
const EVERY = 250;
const CLEAR = "\r\u001b[K";

/** The same shelves, counting on a terminal what is read from them; elsewhere nothing is shown. */
export function shownReading(
  ledgers: readonly NamedShelf[],
  terminal: Pick<NodeJS.WriteStream, "isTTY" | "write"> = process.stderr,
): readonly NamedShelf[] {
  if (!terminal.isTTY) return ledgers;
  let count = 0;
  const read = <T>(found: Promise<T>): Promise<T> => {
    count += 1;
    if (count % EVERY === 0) terminal.write(`${CLEAR}sla: ${count} records read…`);
    return found;
  };
  process.once("exit", () => count >= EVERY && terminal.write(CLEAR));
  return ledgers.map((each) => ({
    ...each,
    shelf: {
      read: (key) => read(each.shelf.read(key)),
      text: (key) => read(each.shelf.text(key)),
      list: (prefix) => each.shelf.list(prefix),
    },
  }));
}
