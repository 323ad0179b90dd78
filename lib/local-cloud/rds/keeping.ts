import type { Host } from "./host.ts";
import type { Instance } from "./instance.ts";

/** A copy of what a server holds, and what is known of its time. */
export interface Copied {
  /** Newest moment of which all is in it, as far as anybody knows. */
  readonly holds?: Date;
  /** From here on logs lead further. */
  readonly from: Date;
}

/** Where a recovery ends. */
export interface Aim {
  /** Directory of the logs. */
  readonly archive: string;
  readonly until: Date;
}

/** How what an engine holds is kept outside of its servers. */
export interface Keeping {
  /** Writes a compressed tar that starts by itself. @throws Error if the server does not let itself be copied */
  copy(instance: Instance, file: string): Promise<Copied>;
  /** Fills a machine from such a copy and starts a server there that follows nobody; with an aim, as it was then. */
  restore(instance: Instance, file: string, aim?: Aim): Promise<void>;
  /** First log that a recovery reads which begins with a copy made from now on. */
  firstLog(host: Host): Promise<string>;
  /**
   * Has all log written so far archived.
   *
   * @returns a moment to which the archive reaches
   * @throws Error if it is not there in time
   */
  ship(host: Host, archive: string, signal: AbortSignal): Promise<Date>;
  /** Whether a file of an archive is complete, and read by a recovery that begins with that log. */
  isNeeded(name: string, firstLog: string): boolean;
}
