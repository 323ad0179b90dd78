import type { en } from "./en.ts";
import type { Message, Plural } from "./message.ts";

export type Key = keyof typeof en;

/** All messages in one language: a missing one, or one too many, does not compile. */
export type Catalogue = {
  readonly [K in Key]: (typeof en)[K] extends string ? string : Plural;
};

type Slots<Text> = Text extends `${string}{${infer Slot}}${infer Rest}`
  ? Slot | Slots<Rest>
  : never;

type SlotsOf<M extends Message> = M extends { readonly other: infer Text } ? Slots<Text> : Slots<M>;

/** What a message has to be given: texts as they are, numbers to be written as the language does; `n` chooses the plural. */
export type Given<K extends Key> = [SlotsOf<(typeof en)[K]>] extends [never]
  ? readonly []
  : readonly [
      Readonly<Record<Exclude<SlotsOf<(typeof en)[K]>, "n">, string | number>> &
        ("n" extends SlotsOf<(typeof en)[K]> ? { readonly n: number } : unknown),
    ];

/** Messages that are given nothing. */
export type PlainKey = { [K in Key]: Given<K> extends readonly [] ? K : never }[Key];
