import { formatDuration } from "../../sla/duration.ts";
import { noticeSeconds } from "../../sla/waits.ts";
import { hanging } from "../hanging.ts";
import { type Catch, open } from "./catches.ts";
import type { GameDayLook } from "./look.ts";
import type { GameDayBegun, GameDayRecord } from "./record.ts";

/** What will happen, to whom, and how it ends; at most 80 columns but for commands and names. */
export function planLines(look: GameDayLook): readonly string[] {
  const { instance, plan, roles, site, boundSeconds, primary } = look;
  const { primary: here, standby } = roles;
  const groups = typeof primary === "object" ? primary.groups.join(", ") : "its groups";
  const told = [...new Set([...instance.contacts, "the provider"])].join(", ");
  const names = Object.values(instance.dns.names).join(", ");
  const rows: readonly (readonly [string, string])[] = [
    ["who", `${instance.id}, plan ${plan.name}, ${instance.url}`],
    [
      "cut off",
      `${here.database} in ${here.region}: from ${groups} into ${site?.gameDayGroup ?? "no group"}, then a reboot that ends its sessions. Nobody reaches it, clients get errors`,
    ],
    [
      "then",
      `the watch finds it down after ${formatDuration(noticeSeconds(plan))} or so, and fails it over by itself to ${standby?.database} in ${standby?.region}: fence, promotion, ${names}`,
    ],
    ["told", `${told}, as in earnest; whoever is on call is called`],
    [
      "ends",
      `when the page answers again, or after ${formatDuration(boundSeconds)} if nobody was promoted: then ${here.database} gets its groups back`,
    ],
    [
      "stop",
      "Ctrl-C at any moment: up to the promotion it is given back, from there on it goes forward",
    ],
    [
      "costs",
      "a minute or more of downtime that counts in its month, a new standby (a copy across regions) and its old primary until somebody retires it",
    ],
    [
      "home",
      `npx sla failover ${instance.id} --planned --reason 'home after a game day', once the new standby streams`,
    ],
  ];
  return rows.flatMap(([label, text]) => hanging(`  ${label.padEnd(8)} `, text));
}

/** Each thing that has to hold, and of what does not the command that mends it, in one piece. */
export function catchLines(catches: readonly Catch[]): readonly string[] {
  return catches.flatMap(({ ok, name, found, mend }) => [
    ...hanging(ok ? "  ✓ " : "  ✗ ", `${name}: ${found}`),
    ...(mend === undefined ? [] : [`      ${mend}`]),
  ]);
}

export function refusalLine(catches: readonly Catch[]): string {
  const count = open(catches).length;
  return `Nothing is changed: ${count} of ${catches.length} do not hold, and no flag stands in for them.`;
}

/** What it came to, and what a person does next. */
export function recordLines(record: GameDayRecord): readonly string[] {
  const { instance, id, outcome, because, ok, client, rtoSeconds, measured, promised, pace } =
    record;
  const sold = (seconds: number | undefined) =>
    seconds === undefined ? "none promised" : `allowed ${span(seconds / pace)}`;
  const rpo = measured?.rpoSeconds;
  const rows: readonly (readonly [string, string])[] = [
    ["outcome", because === undefined ? outcome : `${outcome}: ${because}`],
    ["RTO", `${span(rtoSeconds)} from the cut to a good page, ${sold(promised.rtoSeconds)}`],
    ["", `${span(measured?.rtoSeconds)} by the failover's own record, from the first bad round`],
    ["RPO", `at most ${span(rpo)} by the heartbeats, ${sold(promised.rpoSeconds)}`],
    ["page", `${client.looks} looks, ${client.bad} bad`],
    ["evidence", `game-days/${instance}/${id}/record.json in every ledger`],
  ];
  return [
    "",
    `${ok ? "OK" : "NOT OK"}: game day of ${instance}`,
    ...rows.flatMap(([label, text]) => hanging(`  ${label.padEnd(8)} `, text)),
    "",
    ...nextLines(record),
  ];
}

const span = (seconds: number | undefined) =>
  seconds === undefined ? "not known" : formatDuration(seconds);

function nextLines({ instance, outcome, seat }: GameDayRecord): readonly string[] {
  switch (outcome) {
    case "recovered":
      return [
        "When sla status says that its new standby streams, the way home:",
        `  npx sla failover ${instance} --planned --reason 'home after a game day'`,
        "and once nobody needs the old primary any more:",
        `  npx sla retire ${instance} --database ${seat.database} --reason 'after a game day'`,
      ];
    case "called-off":
      return [
        `${seat.database} serves as before. If an incident is still open it closes by itself.`,
      ];
    case "unserved":
      return [
        "Clients are not served. Look, then decide:",
        `  npx sla status`,
        `  npx sla drill --aws --instance ${instance} --give-back`,
        `  npx sla failover ${instance} --reason 'a game day went wrong' --dry-run`,
      ];
    default:
      return outcome satisfies never;
  }
}

/** What remains where nobody looks on any longer, and what puts it right. */
export const leftLines = ({
  instance,
  seat,
  group,
}: Pick<GameDayBegun, "instance" | "seat" | "group">) => [
  ...hanging(
    "",
    `${seat.database} in ${seat.region} may still be in ${group}. The watch of ${instance} goes on, and may fail it over by itself: that is safe. To give it back instead:`,
  ),
  `  npx sla drill --aws --instance ${instance} --give-back`,
];
