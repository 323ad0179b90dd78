import { isRegional } from "../../lib/sla/clusters.ts";
import { isBuiltFor } from "../../lib/sla/engine.ts";
import type { HeldBack, WatchEvent, Withheld } from "../../lib/sla/incident-state.ts";
import type { NoticeKind } from "../../lib/sla/notices.ts";
import type { Notice } from "../notify/contract.ts";
import type { Observation } from "./observe.ts";

/** Events of the incident machine that somebody hears of; a failover speaks for itself. */
type Told = Exclude<WatchEvent, { readonly kind: "failover-due" }>;

interface Text {
  readonly kind: NoticeKind;
  /** What happened, what it means, what to do next. */
  readonly lines: readonly [string, string, string, ...string[]];
}

const WITHHELD = {
  "alert-only": "the fleet says alert-only for this instance",
  "not-owner": "the site that owns this instance is silent, and another may not act in its stead",
  unclear: "it neither lives nor is dead for sure; it refuses us, or too little of it can be asked",
} as const satisfies Record<Exclude<Withheld, "maintenance">, string>;

/** What recipients are told of an event, if anything. */
export function noticeOf(event: WatchEvent, seen: Observation): Notice | undefined {
  if (event.kind === "failover-due") return undefined;
  const { kind, lines } = textOf(event, seen);
  // One kind of notice for several events, and each of them is news.
  const occasion = kind === "recovery-needed" ? { occasion: whyOf(event) } : {};
  const { instance } = seen.subject.roles;
  return { kind, instance, incident: event.incident, ...occasion, at: event.at, lines };
}

function textOf(event: Told, seen: Observation): Text {
  const { instance, roles } = seen.subject;
  const place = `${roles.primary.database} in ${roles.primary.region}`;
  const isCovered = roles.standby !== undefined || isRegional(instance);
  switch (event.kind) {
    case "incident-opened":
      return {
        kind: "incident-opened",
        lines: [
          `${instance.url} has not answered well since ${event.firstBadAt}${because(seen)}.`,
          `A majority of the vantages agrees. Its primary is ${place}.`,
          nextOf(seen),
        ],
      };
    case "application-down":
      return {
        kind: "application-down",
        lines: [
          `The application is down, its database ${place} lives: its heartbeat or log advances, or it answers.`,
          "Nothing is promoted while the database lives: promoting would lose what it commits.",
          "Look at the application servers, and at what they say of the database.",
        ],
      };
    case "no-standby":
      return { kind: "recovery-needed", lines: nobodyLines(seen) };
    case "failover-withheld":
      return event.because === "maintenance"
        ? heldBack(event.held, seen)
        : withheld(event.because, seen);
    case "incident-closed":
      return {
        kind: "incident-closed",
        lines: [
          `${instance.url} answers well again since ${event.firstGoodAt}; it was bad from ${event.firstBadAt}.`,
          `Its primary is ${place}${isCovered ? "" : ", and nothing stands by for it now"}.`,
          isCovered
            ? "Nothing needs to be done."
            : "Give it a standby again when its plan wants one.",
        ],
      };
    default:
      return event satisfies never;
  }
}

function nobodyLines({ subject: { instance, roles } }: Observation): Text["lines"] {
  const silent = `${roles.primary.database} in ${roles.primary.region} is silent and nothing stands by for it.`;
  if (!isRegional(instance) && !isBuiltFor(instance.database.engine, "recover")) {
    return [
      silent,
      "The promised recovery time is running. Nothing here brings a cluster back from a backup, a person has to:",
      "docs/runbook.md#a-lost-cluster",
    ];
  }
  return isRegional(instance)
    ? [
        silent,
        "Its members cannot take over while RDS does not answer there; as soon as it does, one of them is made the writer.",
        "Nothing here brings a cluster back in another region: docs/engines.md#clusters-of-one-region",
      ]
    : [
        silent,
        "The promised recovery time is running. A person has to start it; --dry-run says from what, and what is lost:",
        `npx sla recover ${instance.id} --reason 'no-standby' --dry-run`,
      ];
}

/** Who takes over, should the database be silent too. */
function nextOf({ subject: { instance, roles, plan } }: Observation): string {
  if (isRegional(instance)) {
    return `If its writer is silent too, RDS is given ${plan.multiAz.waitSeconds} s to make another member write, then asked to; watch for further mail.`;
  }
  return roles.standby
    ? `If the database is silent too, its standby in ${roles.standby.region} is next; watch for further mail.`
    : "Nothing stands by for this instance: see whether its database and application run.";
}

/** It is told once; what begins when the window is over speaks for itself. */
function heldBack(
  { window, until }: HeldBack,
  { subject: { instance, roles } }: Observation,
): Text {
  const { database, region } = roles.primary;
  return {
    kind: "recovery-needed",
    lines: [
      `${database} in ${region} does not serve. Maintenance ${window} holds its failover back until ${until}.`,
      "It begins by itself when that is over, or when the region does not answer. A person can begin it now; --dry-run says what is known first:",
      `npx sla failover ${instance.id} --reason 'maintenance' --force`,
      `If the work is done: npx sla maintenance cancel ${window} --reason 'done'`,
    ],
  };
}

function withheld(
  because: Exclude<Withheld, "maintenance">,
  { subject: { instance, roles } }: Observation,
): Text {
  const { primary, standby } = roles;
  const lines = [
    `${primary.database} in ${primary.region} does not serve and no failover starts: ${WITHHELD[because]}.`,
    "The promised recovery time is running. A person has to start it; --dry-run says what is known first:",
    `npx sla failover ${instance.id} --reason '${because}'`,
  ] as const;
  const comesBack = isBuiltFor(instance.database.engine, "recover");
  if (because !== "not-owner" || !standby || !comesBack) return { kind: "recovery-needed", lines };
  return {
    kind: "recovery-needed",
    lines: [
      ...lines,
      `If ${standby.region} is lost as well, nobody can be promoted. This says from what it can be brought back:`,
      `npx sla recover ${instance.id} --reason '${because}' --dry-run`,
    ],
  };
}

const whyOf = (event: Told) => (event.kind === "failover-withheld" ? event.because : event.kind);

const because = ({ reason }: Observation) => (reason === undefined ? "" : ` (${reason})`);
