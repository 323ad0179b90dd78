import { REGIONS } from "../sla/regions.ts";
import { UserError } from "./user-error.ts";

export interface AdoptFlags {
  readonly all?: true;
  readonly fleet?: string;
  readonly dryRun?: true;
  readonly readRows?: true;
  readonly subnetGroup?: string;
  readonly kmsKey?: string;
  readonly through?: { readonly host: string; readonly port: number };
  readonly undo?: true;
  readonly yes?: true;
  readonly scan?: true;
  readonly regions?: readonly string[];
  readonly json?: true;
}

/** Throws UserError for what is no region. */
export function regionsFlag(text: string): readonly string[] {
  const regions = [...new Set(text.split(",").map((each) => each.trim()))];
  const stranger = regions.find((region) => !Object.hasOwn(REGIONS, region));
  if (stranger === undefined) return regions;
  throw new UserError(
    `--regions: expected regions of the public AWS partition, like eu-central-1,eu-west-1, got '${stranger}'`,
  );
}

/** Throws UserError for what is no host and port. */
export function throughFlag(text: string): { readonly host: string; readonly port: number } {
  const [, host, digits] = /^\[?([^\s\]]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new UserError(`--through: expected host:port, like 127.0.0.1:15432, got '${text}'`);
}
