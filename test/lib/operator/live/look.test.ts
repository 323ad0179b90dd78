import { expect, it } from "vitest";
import { SlaError } from "../../../../functions/kernel/errors.ts";
import { adoptAll } from "../../../../lib/operator/adopting/adopt.ts";
import { adoptSteps } from "../../../../lib/operator/adopting/steps.ts";
import type { Account } from "../../../../lib/operator/live/account.ts";
import { liveLines } from "../../../../lib/operator/live/live-lines.ts";
import { lookLive } from "../../../../lib/operator/live/look.ts";
import type { LiveWorld } from "../../../../lib/operator/live/world.ts";
import { LEAST_BOOTSTRAP } from "../../../../lib/sla/live/judge-region.ts";
import type { TlsScan } from "../../../../lib/sla/live/tls-grade.ts";
import { promotedRoles } from "../../../../lib/sla/roles.ts";
import { alone, fleetOf, instance } from "../../../fakes/fleet.ts";
import { LivingAccount, MASTER } from "../../../fakes/living-account.ts";

const PLENTY = { has: 100_000, uses: 0 };
const GOOD_ACCOUNT: Account = {
  switchedOn: async () => new Map(),
  bootstrap: async () => LEAST_BOOTSTRAP,
  quotas: async () => ({ "L-B99A9384": PLENTY, "L-7B6409FD": PLENTY }),
  healthChecks: async () => ({ has: 200, uses: 1 }),
};
const GOOD_TLS: TlsScan = {
  versions: { "TLSv1.2": true, "TLSv1.3": true },
  families: { "AEAD with forward secrecy": true },
};

/** A fleet that was adopted and deployed, and how it is looked at. */
async function kept(change: Partial<LiveWorld> = {}) {
  const fleet = fleetOf([instance("acme"), alone("dale")]);
  const account = new LivingAccount(fleet);
  const adopt = () =>
    adoptAll({
      ...{ fleet, instances: fleet.instances, world: account, steps: () => adoptSteps(() => "x") },
      ...{ wish: { readsRows: true, master: MASTER }, dryRun: false, tell: () => undefined },
    });
  await adopt();
  account.deploy();
  await adopt();
  const world: LiveWorld = {
    ...{ databases: account.databases, zones: account.zones, secrets: account.secrets },
    ...{ stops: account.stops, care: account.care, clock: account.clock },
    ...{ account: GOOD_ACCOUNT, mailing: { unconfirmed: async () => [] } },
    tls: async () => GOOD_TLS,
    ...change,
  };
  const look = () => lookLive(fleet, world, () => undefined);
  return { account, look };
}

it("finds nothing in a fleet that is as it was adopted, and changes nothing", async () => {
  const { account, look } = await kept();
  const before = account.changes;
  expect(await look()).toMatchObject({ findings: [], unlooked: [] });
  expect(account.changes).toBe(before);
});

it("finds what has drifted since, each with the command that mends it", async () => {
  const { account, look } = await kept();
  const standby = account.made.get("eu-central-1/acme-db-standby");
  if (standby) standby.look = { ...standby.look, retentionDays: 0 };
  account.vault.delete("dale-db/sla");
  account.sets.set("db.dale.example.ch", []);
  const { findings } = await look();
  expect(findings.map(({ about, mend }) => [about, mend])).toEqual([
    ["acme", expect.stringMatching(/^aws --region eu-central-1 rds modify-db-instance/)],
    ["dale", "npx sla adopt dale"],
    ["dale", "npx sla adopt dale"],
    ["dale", expect.stringMatching(/replicate-secret-to-regions/)],
    ["dale", expect.stringMatching(/replicate-secret-to-regions/)],
  ]);
});

it("goes by roles: after a failover it is the promoted one that has to serve", async () => {
  const { account, look } = await kept();
  const roles = account.known.get("acme");
  if (roles) account.known.set("acme", promotedRoles(roles, "eu-west-1", roles.since, "fo-1"));
  const { findings } = await look();
  const said = findings.map(({ says }) => says).join("\n");
  expect(said).toContain("acme-db-standby is a replica of");
  expect(said).toContain("db.acme.example.ch leads to acme-db.rds.example, not to acme-db-standby");
  expect(said).toContain("nobody stands by");
});

it("says nothing of an instance that has left, and says where nobody looks", async () => {
  const { account, look } = await kept();
  account.leave("acme");
  account.made.delete("eu-central-2/acme-db");
  account.known.delete("dale");
  expect((await look()).findings.map(({ about, says }) => `${about}: ${says}`)).toEqual([
    "dale: no ledger knows its roles: nobody looks after it",
  ]);
});

it("tells what could not be looked at, and goes on with the rest", async () => {
  const silent = () => Promise.reject(new SlaError("CloudUnreachable", "cloud", "no answer"));
  const { look } = await kept({
    account: { ...GOOD_ACCOUNT, quotas: silent, switchedOn: silent },
    tls: async () => ({ ...GOOD_TLS, trouble: "it has ended" }),
  });
  const report = await look();
  expect(report.unlooked.map(({ what }) => what)).toEqual([
    ...["which regions are on", "quotas of eu-central-2", "quotas of eu-central-1"],
    "quotas of eu-west-1",
  ]);
  expect(report.findings.map(({ about }) => about)).toEqual(["acme", "dale"]);
  const lines = liveLines(report);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines).toContain("2 broken, 0 risks, 4 not looked at");
});

it("counts the checks that the fleet needs beside those of others", async () => {
  const { look } = await kept({
    account: { ...GOOD_ACCOUNT, healthChecks: async () => ({ has: 2, uses: 3 }) },
  });
  expect((await look()).findings).toMatchObject([{ about: "Route 53", weight: "broken" }]);
});
