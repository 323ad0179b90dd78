import type { Listed, Tags } from "../../lib/sla/backups/catalogue.ts";
import type { Bootable } from "./image-case.ts";

/** Images of the own region, by name. */
export interface TestImages {
  look(name: string): Promise<(Bootable & { readonly listed: Listed }) | undefined>;
  tag(name: string, tags: Tags): Promise<void>;
}

export interface LaunchOrder extends Bootable {
  /** The same one launches nothing twice. */
  readonly token: string;
  readonly type: string;
  readonly subnet: string;
  readonly group: string;
  readonly tags: Tags;
}

/** A machine that was started for a test. */
export interface Started {
  readonly machine: string;
  /** As EC2 calls it. */
  readonly state: string;
  /** Why it is no longer running. */
  readonly reason?: string;
  readonly tags: Tags;
}

/** Of the own region. */
export interface TestMachines {
  /** What the rules of a security group let in or out, in words; undefined: there is no such group. */
  openings(group: string): Promise<readonly string[] | undefined>;
  launch(
    order: LaunchOrder,
  ): Promise<
    { readonly machine: string } | { readonly later: string } | { readonly refused: string }
  >;
  look(machine: string): Promise<Started | undefined>;
  /** What EC2's two status checks say, of the system beneath it and of itself; undefined: nothing yet. */
  checks(machine: string): Promise<{ readonly system: string; readonly own: string } | undefined>;
}

/** Only whoever may end machines has it. */
export interface TestTerminating {
  /** All that were started for tests, as far as EC2 still shows them. */
  list(): Promise<readonly Started[]>;
  terminate(machine: string): Promise<void>;
}
