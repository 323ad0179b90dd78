import { keys } from "../../functions/ledger/contract.ts";
import type { DayRollUp, Seal, SealName } from "../../functions/report/contract.ts";
import { dayOf, daysFrom } from "../../functions/report/days.ts";
import { sha256 } from "../../functions/report/sha256.ts";
import type { AnnotationRecord } from "../../lib/sla/books/annotation.ts";
import type { WindowRecord } from "../../lib/sla/books/window.ts";
import { cloudpepperHigh } from "../../lib/sla/presets/cloudpepper-high.ts";
import { mintsys } from "../../lib/sla/presets/mintsys.ts";
import type { Ticket } from "../../lib/sla/support/ticket.ts";
import type { TlsSeen } from "../../lib/sla/tls.ts";
import { fleetOf, instance } from "./fleet.ts";
import { MemoryLedgers } from "./ledger.ts";

const SITES = ["eu-central-1", "eu-west-1"] as const;
const PEARS = ["pear-0", "pear-1", "pear-2"];
const ELMS = ["elm-0", "elm-1", "elm-2"];
const STORM = "2026-10-14";
const INCIDENT = "20261014101000000";

/** Three instances of each of two plans, looked after in two shards. */
export const EVENTFUL = {
  ...fleetOf(
    [...PEARS, ...ELMS].map((id, index) =>
      instance(id, {
        plan: id.startsWith("pear") ? "mintsys" : "cloudpepper-high",
        fee: { amount: 49 + index, currency: "EUR" },
        contacts: [`it@${id}.example`, `boss@${id}.example`].slice(0, 1 + (index % 2)),
      }),
    ),
  ),
  plans: { mintsys, "cloudpepper-high": cloudpepperHigh },
};

export const EVENTFUL_WISH = {
  ...{ month: "2026-10", instances: EVENTFUL.instances },
  now: () => Date.parse("2026-11-02T06:40:00Z"),
};

/** October 2026 as ledgers tell it: a storm over all of them, windows, an annotation, tickets, backups, and what is torn. */
export function eventfulLedgers(): MemoryLedgers {
  const ledgers = new MemoryLedgers();
  for (const site of SITES) sealDays(ledgers, site);
  for (const [index, id] of [...PEARS, ...ELMS].entries()) happen(ledgers, id, index);
  say(ledgers);
  for (const day of daysFrom("2026-04-01", "2026-11-01")) backUp(ledgers, day);
  return ledgers;
}

export const shelvesOf = ({ at }: MemoryLedgers) => SITES.map(at);

function sealDays(ledgers: MemoryLedgers, site: string): void {
  const ledger = ledgers.at(site);
  const put = (key: string, value: unknown) => {
    ledger.put(key, value);
    return sha256(JSON.stringify(value));
  };
  let previous: SealName | null = null;
  for (const day of daysFrom("2026-09-29", "2026-11-01")) {
    const shards = { s00: PEARS, s01: ELMS };
    const rollUps = Object.entries(shards).map(([shard, ids]): [string, string] => [
      shard,
      put(keys.day(day, shard), rollUpOf(site, day, shard, ids)),
    ]);
    const seal: Seal = { day, site, rollUps: Object.fromEntries(rollUps), previous };
    previous = { day, sha256: put(keys.daySeal(day), seal) };
  }
}

function rollUpOf(site: string, day: string, shard: string, ids: readonly string[]): DayRollUp {
  const unreadable = day.endsWith("-07") ? [`rounds/${day}/120000000-${shard}.json.gz`] : [];
  const minutesOf = (id: string) => {
    if (day === STORM) return "610u40d790u";
    // One site was blind for an hour, the other was not.
    if (day.endsWith("-09")) return site === "eu-west-1" ? "1440u" : "300u60-1080u";
    return id.endsWith("2") && day.endsWith("-21") ? "100u3d20-17d1300u" : "1440u";
  };
  const tls: TlsSeen = {
    ...{ vantage: "eu-north-1", at: `${day}T04:00:00.000Z`, protocol: "TLSv1.3" },
    ...{
      cipher: "TLS_AES_256_GCM_SHA384",
      certificateEnds: "2026-12-24T00:00:00.000Z",
      bits: 2048,
    },
  };
  return {
    ...{ day, site, shard, records: [] },
    evidence: { rounds: 1440, unreadable, misplaced: [], fromTheFuture: [] },
    instances: Object.fromEntries(
      ids.map((id) => [
        id,
        {
          ...{ everySeconds: 60, minutes: minutesOf(id) },
          ...(day.endsWith("-11") && { tls }),
        },
      ]),
    ),
  };
}

function happen({ at }: MemoryLedgers, id: string, index: number): void {
  const incident = { instance: id, incident: INCIDENT, firstBadAt: `${STORM}T10:10:00.000Z` };
  const end = { firstGoodAt: `${STORM}T10:50:00.000Z`, closedAt: `${STORM}T10:51:00.000Z` };
  const noted = { id: `fo-${id}`, outcome: "done", at: `${STORM}T10:49:30.000Z` };
  at("eu-west-1").put(keys.incident(id, INCIDENT), { ...incident, ...end, failovers: [noted] });
  at("eu-central-1").put(keys.incident(id, INCIDENT), incident);
  at("eu-west-1").put(keys.failover(id, `fo-${id}`, "record"), {
    ...{ id: `fo-${id}`, goodAt: `${STORM}T10:50:00.000Z` },
    request: { instance: id, incident: INCIDENT },
    measured: { rtoSeconds: 2400 + index, rpoSeconds: 1.5, rpoProvisional: true },
    timeline: [{ step: "fence", at: `${STORM}T10:20:00.000Z` }],
  });
  at("eu-west-1").put(`restores/${id}/rt-1/record.json`, {
    ...{ instance: id, backup: `${id}-20261007`, region: "eu-west-1", ok: index !== 3 },
    ...{ endedAt: "2026-10-08T03:00:00.000Z", restoreSeconds: 900 + index, rows: 1234 },
  });
  if (index === 4) at("eu-west-1").put(keys.incident(id, "20261015"), { torn: true });
}

function say({ at }: MemoryLedgers): void {
  const window: WindowRecord = {
    ...{ window: "m20261006-2000-3f9a", kind: "planned", scope: "fleet" },
    ...{ instances: [...PEARS, ...ELMS], fromAt: "2026-10-06T20:00:00.000Z" },
    ...{ toAt: "2026-10-06T21:00:00.000Z", reason: "größere Platten – 日本" },
    ...{ by: "arn:ops", announcedAt: "2026-10-01T08:00:00.000Z" },
  };
  const called = { ...window, window: "m20261020-2000-aaaa", instances: ELMS } as const;
  const other = { fromAt: "2026-10-20T20:00:00.000Z", toAt: "2026-10-20T21:00:00.000Z" };
  const cancelled = { cancels: called.window, at: "2026-10-19T08:00:00.000Z", by: "arn:ops" };
  const annotation: AnnotationRecord = {
    ...{ instance: "elm-1", incident: INCIDENT, cause: "customer-code", reason: "their <module>" },
    ...{ by: "arn:ops", at: "2026-10-16T08:00:00.000Z" },
  };
  for (const site of SITES) {
    at(site).put(keys.maintenance(window.window), window);
    at(site).put(keys.maintenance(called.window), { ...called, ...other });
    at(site).put(keys.cancellation(called.window), { ...cancelled, reason: "not needed" });
    at(site).put(keys.annotation("elm-1", INCIDENT, annotation.at), annotation);
    at(site).put("annotations/elm-2/x/20261016.json", "torn");
    at(site).put(keys.ticket("elm-0", "HD-1"), ticketOf("elm-0"));
    at(site).put(keys.ticket("elm-2", "HD-9"), "torn");
  }
  at("eu-central-1").put("maintenance/m-torn.json", "torn");
}

function ticketOf(id: string): Ticket {
  const recorded = (event: string, time: string) => ({
    ...{ id: event, at: `2026-10-13T${time}:00.000Z`, recordedAt: `2026-10-13T${time}:10.000Z` },
    by: "desk",
  });
  const promise = { due: "2026-10-13T10:00:00.000Z", warn: "2026-10-13T09:30:00.000Z" };
  return {
    ...{ instance: id, id: "HD-1" },
    events: [
      { ...recorded("one", "08:00"), kind: "opened", title: "slow", priority: 2, promise },
      { ...recorded("two", "10:30"), kind: "replied" },
    ],
  };
}

function backUp({ at }: MemoryLedgers, day: string): void {
  const old = (back: number) => dayOf(Date.parse(`${day}T00:00Z`) - back * 86_400_000);
  const deedsOf = (id: string) => {
    const [done, region] = [{ instance: id, answer: "accepted" }, "eu-central-2"];
    const [own, gone] = [`${id}-${day.replaceAll("-", "")}`, old(9)];
    return [
      { ...done, kind: "take", id: own, region, ...(day.endsWith("-19") && { answer: "refused" }) },
      { ...done, kind: "copy", id: own, region, to: "eu-west-1" },
      ...(/-(01|07|14|21)$/.test(gone)
        ? []
        : [{ ...done, kind: "delete", id: `${id}-${gone.replaceAll("-", "")}`, region }]),
    ];
  };
  const time = `${day}T01:00:00.000Z`;
  for (const [region, ids] of [
    ["eu-west-1", ELMS],
    ["eu-central-1", [...PEARS, "somebody-else"]],
  ] as const) {
    const key = keys.backupDeeds(time, region);
    at(region).put(key, { at: time, region, deeds: ids.flatMap(deedsOf) });
  }
}
