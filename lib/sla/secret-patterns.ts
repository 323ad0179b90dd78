/** Characters of an ARN around a secret's name: with the six that Secrets Manager appends, quotes and a comma. */
const AROUND = 72;
/** Characters that a role has for the secrets of a fleet: IAM takes 10,240 of all its policies. */
const CHARACTERS = 6000;

/** How often the fullest role lists each: in two forms for whoever opens it, and once more in each site. */
export const listingsOf = (sites: number): number => 2 * (1 + sites);

/**
 * Names as a role has them that lists them so many times: each, as long as they fit; else, with an asterisk for the rest, the folders that
 * they lie in or what they are called there, whichever are fewer.
 */
export function secretPatterns(names: readonly string[], listings: number): readonly string[] {
  const each = [...new Set(names)];
  if (fit(each, listings)) return each;
  const [folders, ends] = [folder, ending].map((short) => [...new Set(each.map(short))]);
  return (folders?.length ?? 0) < (ends?.length ?? 0) ? (folders ?? []) : (ends ?? []);
}

/** Whether the fullest role of so many sites can have them in one way or the other. */
export function secretsFit(names: readonly string[], sites: number): boolean {
  const listings = listingsOf(sites);
  return fit(secretPatterns(names, listings), listings);
}

const fit = (names: readonly string[], listings: number) =>
  names.reduce((sum, name) => sum + name.length + AROUND, 0) * listings <= CHARACTERS;

/** A name without a slash is alone. */
function folder(name: string): string {
  const at = name.indexOf("/");
  return at < 0 ? name : `${name.slice(0, at)}/*`;
}

function ending(name: string): string {
  const at = name.lastIndexOf("/");
  return at < 0 ? name : `*${name.slice(at)}`;
}
