import { type Area, type Finding, findingsOf } from "../../lib/sla/live/finding.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Notice } from "../notify/contract.ts";
import { subjectKey } from "./attempts.ts";
import type { Blind, Known, LiveRecord } from "./contract.ts";
import type { LiveReport } from "./look.ts";
import { drifted, exposed, mended } from "./notices.ts";

export interface Told extends Pick<LiveRecord, "findings" | "unlooked"> {
  readonly notices: readonly Notice[];
}

/** A thing that nobody could look at for so long is told itself: its looks are no looks any more. */
const BLIND_SECONDS = 36 * 3600;
/** Of instances: while nobody knows the roles, none of these is looked at. */
const BY_ROLES: ReadonlySet<Area> = new Set(["databases", "names", "secrets", "TLS", "roles"]);

/**
 * What people hear of a look: each finding once, again when it has become worse, and that it is no more. Of what nobody could look at, what
 * was found before goes on standing; what is not asked for any more goes without a word.
 */
export function told(
  { at, findings, unlooked, looked }: LiveReport,
  before: Pick<LiveRecord, "findings" | "unlooked"> | undefined,
  region: string,
  clock: Pick<Clock, "paced">,
): Told {
  const known = new Map((before?.findings ?? []).map((finding) => [keyOf(finding), finding]));
  const dark = new Map((before?.unlooked ?? []).map((each) => [subjectKey(each), each.since]));
  const blind = unlooked.map((each) => ({ ...each, since: dark.get(subjectKey(each)) ?? at }));
  const isBlind = new Set(blind.map(subjectKey));
  const nobodyKnowsRoles = blind.some(({ area, about }) => area === "roles" && about === FLEET);
  const lasting = blind.filter(
    ({ since }) => Date.parse(at) - Date.parse(since) >= clock.paced(BLIND_SECONDS),
  );
  const found = [...findings, ...lasting.map(unseen)].map((finding) => {
    return { ...finding, since: known.get(keyOf(finding))?.since ?? at };
  });
  const isFound = new Set(found.map(keyOf));
  const missing = [...known.values()].filter((finding) => !isFound.has(keyOf(finding)));
  const standing = missing.filter(
    (each) => isBlind.has(subjectKey(each)) || (nobodyKnowsRoles && BY_ROLES.has(each.area)),
  );
  const over = missing.filter((each) => looked.has(subjectKey(each)));
  const fresh = found.filter((each) => isWorse(each, known.get(keyOf(each))));
  const all = [...found, ...standing];
  const of = (weight: Finding["weight"]) => fresh.filter((each) => each.weight === weight);
  return {
    findings: all,
    unlooked: blind,
    notices: [
      ...drifted(of("broken"), region, at),
      ...exposed(of("risk"), region, at),
      ...mended(over, all.length, region, at),
    ],
  };
}

const FLEET = "the fleet";

const keyOf = ({ of, ...subject }: Pick<Finding, "area" | "about" | "of">) =>
  `${subjectKey(subject)}: ${of}`;

const isWorse = ({ weight }: Finding, before: Known | undefined) =>
  before === undefined || (before.weight === "risk" && weight === "broken");

const unseen = ({ area, about, why, since }: Blind): Finding =>
  findingsOf({ area, about }).risk({
    of: "look",
    says: `${area} could not be looked at since ${since}: ${why}`,
  });
