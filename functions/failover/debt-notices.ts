import type { Notice } from "../notify/contract.ts";
import type { FenceDebt, RecordsDebt } from "./debt.ts";
import { changeWords } from "./divergence-words.ts";

/** The mail that belongs to the debt's state; each change of it is news. */
export const fenceDebtNotice = (debt: FenceDebt, at: string): Notice => ({
  ...(debt.state === "owed" ? owedAgain(debt) : paid(debt)),
  instance: debt.instance,
  incident: debt.incident,
  ...(debt.state === "owed" && { debt: occasionOf(debt, at) }),
  occasion: `${debt.execution.slice(debt.execution.lastIndexOf(":") + 1)}-${digits(debt.lookedAt)}`,
  at,
});

const occasionOf = ({ database, since, lookedAt, revision = 0 }: FenceDebt, at: string) => ({
  ...{ database, since, revision },
  lookedAt: lookedAt ?? at,
});

/** The end of a failover that moved DNS by a flag. */
export const recordsDebtNotice = (debt: RecordsDebt, at: string): Notice => ({
  kind: "records-debt-paid",
  instance: debt.instance,
  incident: debt.incident,
  occasion: debt.execution.slice(debt.execution.lastIndexOf(":") + 1),
  at,
  lines: [
    `The DNS records of ${debt.instance} name the new primary since ${debt.paidAt}, written by ${debt.by}: ${debt.found}.`,
    debt.flag === "none"
      ? "No STOP flag stood in for them: until then DNS answered the old primary."
      : "DNS answered the new primary all the time; the STOP flag that led clients over is lowered.",
    "Nothing to do.",
  ],
});

const digits = (at = "") => at.replace(/[^0-9]/g, "");

const paid = (debt: FenceDebt) => ({
  kind: "fence-debt-paid" as const,
  lines: [
    `The old primary ${debt.database} in ${debt.region} is fenced since ${debt.paidAt}, by ${debt.by}: ${debt.found}.`,
    ...(debt.groups
      ? [`Its groups were ${debt.groups.join(", ")}. It is looked at again every day.`]
      : []),
    ...rows(debt),
    "Keep it until somebody has decided what becomes of them.",
  ],
});

function rows(debt: FenceDebt): readonly string[] {
  const { unsevered, unsearched, divergent = "not looked for" } = debt;
  const found = `Rows that the new primary never had: ${divergent}`;
  if (unsevered) {
    return [
      "Sessions that were open go on should it come back: it is asked every minute, and they are ended as soon as it answers.",
      `${found}. They are looked for after that; until then the RPO stays provisional.`,
    ];
  }
  switch (unsearched) {
    case undefined:
      return [`${found}; ${changeWords(debt)}. The RPO of this failover is final.`];
    case true:
      return [
        `${found}. It is looked through again every ten minutes; until then the RPO stays provisional.`,
      ];
    case "in part":
      return inPart(debt, found);
    case "for good":
      return [
        `${found}. Nobody can look any more: the RPO of this failover stays what was told, and nobody can say that it is all.`,
      ];
    default:
      return unsearched satisfies never;
  }
}

const inPart = (debt: FenceDebt, found: string) => [
  `${found}; not looked through: ${debt.unread}; ${changeWords(debt)}. The RPO of this failover is not final.`,
  `It is looked through again every hour. Where a permission is missing, on ${debt.database} as its master user: grant pg_read_all_data to sla`,
  "How to reach it there, and what else helps: docs/runbook.md#fence-debts",
];

const owedAgain = ({ database, region, because }: FenceDebt) => ({
  kind: "fence-debt-owed-again" as const,
  lines: [
    `The old primary ${database} in ${region} was fenced and is not any more: ${because}.`,
    "It is quarantined again within minutes; writes it took meanwhile are not on the new primary.",
    "Find out who changed its groups. Runbook: docs/runbook.md#fence-debts",
  ],
});
