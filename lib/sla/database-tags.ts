import type { Tags } from "./backups/catalogue.ts";

/** What databases of the fleet say of themselves. Where a policy cannot name each of them, permissions go by it. */
export const DATABASE_TAGS = {
  /** `true`: an instance lives in it, did, or is to. It may be fenced, promoted and backed up. */
  kept: "sla:kept",
  /** `true`: it is there to stand by. While it is a replica, who gives standbys up may delete it, and nothing that lacks it. */
  standby: "sla:standby",
} as const;

export const KEPT_TAGS: Tags = { [DATABASE_TAGS.kept]: "true" };
export const STANDBY_TAGS: Tags = { ...KEPT_TAGS, [DATABASE_TAGS.standby]: "true" };

export const isKept = (tags: Tags): boolean => tags[DATABASE_TAGS.kept] === "true";

/** Whether it may be deleted when it is given up. */
export const mayGo = (tags: Tags): boolean => tags[DATABASE_TAGS.standby] === "true";
