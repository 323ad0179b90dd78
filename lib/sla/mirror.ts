import type { Fleet } from "./fleet.ts";

/** Whose ledger keeps a site's days as well: control's, which is nobody's home, and of control itself the first other one. */
export function mirrorOf(
  site: string,
  { control, sites }: Pick<Fleet, "control" | "sites">,
): string | undefined {
  if (site !== control) return control;
  return Object.keys(sites).find((other) => other !== site);
}
