import { expect, it } from "vitest";
import { keys } from "../../functions/ledger/contract.ts";
import type { RoundRecord } from "../../functions/watch/contract.ts";
import { tlsVantage } from "../../lib/sla/tls.ts";
import { fleetOf, instance, QUICK_PLAN } from "../fakes/fleet.ts";
import { WatchWorld } from "../fakes/watch-world.ts";

const OWNER = "eu-central-1";
const BEGINNING = Date.parse("2026-03-02T10:00:00Z");
const DAY_MS = 86_400_000;
const FLEET = fleetOf([instance("acme", { url: "https://acme.example.ch/health" })]);

/** The first minute after the beginning in which somebody shakes hands with acme. */
const MINUTE = Array.from({ length: 721 }, (_, minute) => minute).find((minute) => {
  const slot = { atMs: BEGINNING + minute * 60_000, everyMs: 60_000, dayMs: DAY_MS };
  return tlsVantage("acme", FLEET.vantages, slot) !== undefined;
});

it("a certificate that ends soon is told as a warning, and its handshake recorded in the round", async () => {
  if (MINUTE === undefined) throw new Error("nobody shakes hands within half a day");
  const world = new WatchWorld(FLEET);
  world.tls.set("acme", { protocol: "TLSv1.3", certificateEnds: "2026-03-12T10:00:00.000Z" });
  await world.minutes((MINUTE - 2) * 60, 5, [OWNER]);
  const told = world.notices.filter(({ kind }) => kind === "certificate-ends");
  expect(told).toMatchObject([
    { instance: "acme", incident: "certificate-2026-03-12", occasion: "below-14" },
  ]);
  expect(told[0]?.lines.join(" ")).toMatch(/acme\.example\.ch shows ends 2026-03-12.*runbook/s);
  const seen = world.ledgers
    .at(OWNER)
    .keys("rounds/")
    .flatMap((key) => world.ledgers.at(OWNER).peek<RoundRecord>(key)?.looks ?? [])
    .flatMap(({ instances }) => instances["acme"]?.tls ?? []);
  expect(seen).toMatchObject([{ protocol: "TLSv1.3", vantage: expect.stringMatching(/^eu-/) }]);
  expect(keys.round(seen[0]?.at ?? "", "s00")).toMatch(/^rounds\//);
  expect(QUICK_PLAN.watch.everySeconds).toBeLessThanOrEqual(60);
});

it("a certificate that lasts is no news", async () => {
  const world = new WatchWorld(FLEET);
  world.tls.set("acme", { protocol: "TLSv1.3", certificateEnds: "2026-06-12T10:00:00.000Z" });
  await world.minutes(((MINUTE ?? 0) - 2) * 60, 5, [OWNER]);
  expect(world.notices.map(({ kind }) => kind)).not.toContain("certificate-ends");
});
