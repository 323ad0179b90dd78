import type { Json } from "./definition.ts";

/** Step Functions begins the members of other services' structures in upper case, whatever their API does. */
export const upperCamel = (value: unknown): Json => renamed(value, (first) => first.toUpperCase());

export const lowerCamel = (value: unknown): Json => renamed(value, (first) => first.toLowerCase());

/** Moments are milliseconds there; what is absent stays away. */
function renamed(value: unknown, change: (first: string) => string): Json {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map((one) => renamed(one, change));
  if (typeof value !== "object" || value === null) return value as Json;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([name, member]) => [
      `${change(name.charAt(0))}${name.slice(1)}`,
      renamed(member, change),
    ]),
  );
}
