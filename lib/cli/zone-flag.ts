import { UserError } from "./user-error.ts";

/** The IANA name, if the engine knows it. Throws UserError. */
export function zoneFlag(name: string): string {
  try {
    // An offset like +02:00 passes for a zone, and has no winter.
    if (/^[A-Za-z]/.test(name)) return new Intl.DateTimeFormat("en", { timeZone: name }) && name;
  } catch (cause) {
    throw new UserError(unknown(name), 2, { cause });
  }
  throw new UserError(unknown(name));
}

const unknown = (name: string) => `--timezone: there is no '${name}'; name one like Europe/Zurich`;
