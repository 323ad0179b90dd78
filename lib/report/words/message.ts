/** Text with `{placeholders}`; with a plural, one for each category that the language has, chosen by `{n}`. */
export type Message = string | Plural;

export interface Plural extends Partial<Record<Intl.LDMLPluralRule, string>> {
  readonly other: string;
}
