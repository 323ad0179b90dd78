import { describe, expect, it } from "vitest";
import { keys } from "../../functions/ledger/contract.ts";
import type { NotifyRequest } from "../../functions/notify/contract.ts";
import { digestsOf } from "../../functions/notify/digest.ts";
import type { IncidentRecord } from "../../functions/watch/contract.ts";
import { instancesOf, shardsOf } from "../../lib/sla/shards.ts";
import { fleetOf, instance } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const [HOME, OWNER] = ["eu-central-2", "eu-central-1"];
const PROVIDER = "ops@orchard.example";
const IDS = Array.from({ length: 1000 }, (_, index) => `shop-${index}`);

const city = () => new WatchWorld(fleetOf(IDS.map((id) => instance(id))));

/** Every mail that left, as the function that sends them puts them together. */
function mailsTo(recipient: string, world: WatchWorld) {
  const requests: NotifyRequest[] = [];
  world.onNotify = (request) => requests.push(request);
  return () =>
    requests
      .flatMap(({ notices }) => digestsOf(notices, world.fleet))
      .filter((digest) => digest.recipient === recipient);
}

const recordsIn = (world: WatchWorld) =>
  world.ledgers
    .at(OWNER)
    .keys(`incidents/region--${HOME}/`)
    .flatMap((key) => world.ledgers.at(OWNER).peek<IncidentRecord>(key) ?? []);

describe("a region with a thousand instances that is lost", () => {
  it("is one incident and one mail to the provider, in however many shards it is seen", async () => {
    const world = city().fault(`region ${HOME}`, 100);
    expect(shardsOf(world.fleet)).toHaveLength(4);
    const mails = mailsTo(PROVIDER, world);
    await world.minutes(0, 4, [OWNER]);
    expect(mails().map(({ notices }) => notices.map(({ kind }) => kind))).toEqual([
      ["region-lost"],
    ]);
    const [lost] = world.notices.filter(({ kind }) => kind === "region-lost");
    expect(lost?.lines.join("\n")).toMatch(/That is shard s0[0-3] of 4/);
    const [record, ...more] = recordsIn(world);
    expect(more).toEqual([]);
    expect(record?.members?.toSorted()).toEqual(IDS.toSorted());
    expect(new Set(world.started.map(({ within }) => within))).toEqual(new Set([record?.incident]));
  }, 60_000);

  it("tells each customer of their own instance, once", async () => {
    const world = city().fault(`region ${HOME}`, 100);
    const mails = mailsTo("it@shop-777.example.ch", world);
    await world.minutes(0, 4, [OWNER]);
    expect(mails().flatMap(({ notices }) => notices.map(({ kind }) => kind))).toEqual([
      "incident-opened",
    ]);
  }, 60_000);
});

/** Two shards, as small as that is possible. */
const town = () => new WatchWorld(fleetOf(IDS.slice(0, 251).map((id) => instance(id))));

describe("the shards of a site that lose a region", () => {
  const claim = keys.region(HOME);

  it("mail once for each time it is lost", async () => {
    const world = town().fault(`region ${HOME}`, 100, 400).fault(`region ${HOME}`, 1000);
    const mails = mailsTo(PROVIDER, world);
    await world.minutes(0, 20, [OWNER]);
    const told = mails().flatMap(({ notices }) => notices.map(({ kind }) => kind));
    expect(told.filter((kind) => kind === "region-lost")).toHaveLength(2);
    expect(recordsIn(world)).toHaveLength(2);
  }, 60_000);

  it("keep it open until the last of them sees none of its instances down", async () => {
    const world = town();
    const [, second] = shardsOf(world.fleet);
    world.fault(`region ${HOME}`, 100, 300);
    const late = instancesOf(world.fleet, second ?? "").map(({ id }) => id);
    for (const id of late) world.fault(`app ${id}`, 300, 900);
    await world.minutes(0, 10, [OWNER]);
    const [record, ...more] = recordsIn(world);
    expect(more).toEqual([]);
    expect(Object.values(record?.shards ?? {}).map(({ overAt }) => overAt !== undefined)).toEqual(
      expect.arrayContaining([true, false]),
    );
    expect(record?.closedAt).toBeUndefined();
    await world.minutes(600, 10, [OWNER]);
    expect(recordsIn(world).map(({ closedAt }) => closedAt !== undefined)).toEqual([true]);
  }, 60_000);

  it("join nothing that nobody has closed for hours", async () => {
    const world = town().fault(`region ${HOME}`, 100);
    world.ledgers.at(OWNER).put(claim, {
      ...{ region: HOME, incident: "old", by: "s09" },
      ...{ firstBadAt: "2026-03-01T10:00:00.000Z", openedAt: "2026-03-01T10:00:30.000Z" },
    });
    const mails = mailsTo(PROVIDER, world);
    await world.minutes(0, 4, [OWNER]);
    expect(mails()).toHaveLength(1);
  }, 60_000);

  it("tell of it by the one that claimed it, even if that died before it could", async () => {
    const world = town().fault(`region ${HOME}`, 100);
    world.ledgers.at(OWNER).put(claim, {
      ...{ region: HOME, incident: "20260302100145000", by: "s01" },
      ...{ firstBadAt: "2026-03-02T10:01:45.000Z", openedAt: "2026-03-02T10:02:00.000Z" },
    });
    const mails = mailsTo(PROVIDER, world);
    await world.minutes(0, 4, [OWNER]);
    expect(mails()).toHaveLength(1);
    expect(recordsIn(world).map(({ incident }) => incident)).toEqual(["20260302100145000"]);
  }, 60_000);
});
