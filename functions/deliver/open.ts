import type { BucketDestination } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import type { KeyLogin } from "./credentials.ts";
import type { Depot, OpenDepot } from "./ports.ts";
import { openSftp } from "./sftp.ts";

type Here = { readonly clock: Clock; readonly signal: AbortSignal };
/** aws/s3-depot.ts is the real one. */
type OpenBucket = (destination: BucketDestination, login: KeyLogin, here: Here) => Promise<Depot>;

/** Opens whatever kind of destination it is. */
export const depots =
  (clock: Clock, openBucket: OpenBucket): OpenDepot =>
  async (destination, { login }, signal) => {
    const here = { clock, signal };
    if (destination.kind === "s3" && login.kind === "s3") {
      return openBucket(destination, login, here);
    }
    if (destination.kind === "sftp" && login.kind === "sftp") {
      return openSftp(destination, login, here);
    }
    throw new TypeError(`${destination.kind}: the login is for ${login.kind}`);
  };
