import type { Draft, Entry } from "./draft.ts";
import type { Mistake } from "./mistake.ts";
import { type Path, pathText } from "./problem.ts";

/** A name with its place; two of one list with the same key are one too many. */
interface Named {
  readonly key: string;
  readonly shown: string;
  readonly path: Path;
}

type Lister = (draft: Draft) => readonly Named[];

const of =
  (list: (entry: Entry, at: (...path: Path) => Path) => readonly (Named | undefined)[]): Lister =>
  ({ instances }) =>
    instances.flatMap((entry) =>
      list(entry, (...path) => ["instances", entry.index, ...path]).filter(
        (named) => named !== undefined,
      ),
    );

const named = (shown: string | undefined, path: Path, scope = ""): Named | undefined =>
  shown === undefined ? undefined : { key: `${scope} ${shown.toLowerCase()}`, shown, path };

const LISTS: readonly Lister[] = [
  ({ vantages }) => inList(vantages ?? [], ["vantages"]),
  ({ provider }) =>
    (provider?.webhooks ?? []).map(({ name }, index) => ({
      ...{ key: name, shown: name, path: ["provider", "webhooks", index, "name"] },
    })),
  of(({ instance }, at) => [named(instance.id, at("id"))]),
  of(({ instance: { home, standby, database }, doubtful }, at) => [
    doubtful.has("home") ? undefined : named(database.primary, at("database", "primary"), home),
    named(standby && database.standby, at("database", "standby"), standby),
  ]),
  of(({ instance: { dns } }, at) => [
    named(dns.names.database, at("dns", "names", "database")),
    named(dns.names.app, at("dns", "names", "app")),
  ]),
  of(({ index, instance }, at) =>
    inList(instance.copies, at("copies")).map((copy) => ({ ...copy, key: `${index} ${copy.key}` })),
  ),
];

const inList = (values: readonly string[], path: Path): readonly Named[] =>
  values.map((shown, index) => ({ key: shown, shown, path: [...path, index] }));

/** Names that must be unique: vantages, ids, databases within a region, DNS names, copies of one instance. */
export const duplicateRules = LISTS.map((list) => (draft: Draft): readonly Mistake[] => {
  const groups = [...Map.groupBy(list(draft), ({ key }) => key).values()];
  return groups.flatMap(([first, ...again]) =>
    again.map(({ shown, path }) => ({
      path,
      message: `'${shown}' is taken by ${pathText(first?.path ?? [])}: choose another`,
    })),
  );
});
