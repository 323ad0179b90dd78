import type { Instance, Provider } from "./fleet.ts";

/** Of what customers are given to read. */
export const LANGUAGES = ["en", "de", "fr", "nl", "sv", "es", "id"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The customer's language, else the provider's, else English. */
export const languageOf = (
  provider: Pick<Provider, "language">,
  instance: Pick<Instance, "language"> = {},
): Language => instance.language ?? provider.language ?? "en";
