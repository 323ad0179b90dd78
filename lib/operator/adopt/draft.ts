/** One value of a draft: proposed, or asked for. */
export interface Leaf {
  readonly value?: string | number | readonly string[];
  /** Why this value, or what to look at. */
  readonly note?: string;
  /** What only a person can say; with a value, it is a guess to be confirmed. */
  readonly question?: string;
}

/** A part of fleet.yaml. What stands above it in the file are its `remarks`. */
export interface Section {
  readonly remarks?: readonly string[];
  readonly entries: readonly (readonly [key: string, entry: Entry])[];
}

export type Entry =
  | { readonly kind: "leaf"; readonly leaf: Leaf }
  | { readonly kind: "section"; readonly section: Section }
  | { readonly kind: "list"; readonly sections: readonly Section[] };

export const leaf = (given: Leaf): Entry => ({ kind: "leaf", leaf: given });
export const section = (
  entries: readonly (readonly [string, Entry])[],
  remarks: readonly string[] = [],
): Entry => ({ kind: "section", section: { remarks, entries } });
export const list = (sections: readonly Section[]): Entry => ({ kind: "list", sections });

/** Of what is asked, where: `instances[acme].plan`. */
export interface Question {
  readonly path: string;
  readonly question: string;
}

/** All questions of a draft in the order of the file. */
export function questionsOf({ entries }: Section, path = ""): readonly Question[] {
  return entries.flatMap(([key, entry]): readonly Question[] => {
    const here = path === "" ? key : `${path}.${key}`;
    if (entry.kind === "section") return questionsOf(entry.section, here);
    if (entry.kind === "list") {
      return entry.sections.flatMap((each, index) =>
        questionsOf(each, `${here}[${idOf(each) ?? index}]`),
      );
    }
    const { question } = entry.leaf;
    return question === undefined ? [] : [{ path: here, question }];
  });
}

function idOf({ entries }: Section): string | undefined {
  const found = entries.find(([key]) => key === "id")?.[1];
  return found?.kind === "leaf" ? String(found.leaf.value) : undefined;
}

/** The values of a draft as fleet.yaml would give them; what is only asked is null. */
export const plainOf = ({ entries }: Section): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    entries.map(([key, entry]) => {
      if (entry.kind === "section") return [key, plainOf(entry.section)];
      if (entry.kind === "list") return [key, entry.sections.map(plainOf)];
      return [key, entry.leaf.value ?? null];
    }),
  );
