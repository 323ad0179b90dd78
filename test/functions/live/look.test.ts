import { expect, it } from "vitest";
import type { LiveWorld } from "../../../functions/live/ports.ts";
import { liveLines } from "../../../lib/operator/live/live-lines.ts";
import type { Subject } from "../../../lib/sla/live/finding.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { PRESETS } from "../../../lib/sla/presets.ts";
import { promotedRoles } from "../../../lib/sla/roles.ts";
import { alone, fleetOf, instance, QUICK_PLAN } from "../../fakes/fleet.ts";
import { GOOD_ACCOUNT, GOOD_TLS, keptAccount, silent } from "../../fakes/kept-account.ts";

async function kept(change: Partial<LiveWorld> = {}) {
  const it = await keptAccount(fleetOf([instance("acme"), alone("dale")]));
  it.change = change;
  return { account: it.account, look: () => it.look() };
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

it("looks at the networks of machines that are started from images, where that is sold", async () => {
  const binhex = PRESETS["binhex"];
  if (!binhex?.backups) throw new Error("binhex sells backups");
  const plan: Plan = { ...QUICK_PLAN, backups: binhex.backups, imageTests: { every: "1mo" } };
  const fleet = fleetOf([alone("dale", { machines: { [CONTROL]: "i-1" } })], plan);
  const network = { subnet: "subnet-0t", securityGroup: "sg-0t" };
  Object.assign(fleet.sites[CONTROL] ?? {}, { imageTests: network });
  const it = await keptAccount(fleet);
  expect((await it.look()).findings.filter(isOfNetworks)).toEqual([]);
  it.change = { sealed: { look: async () => ({}) } };
  expect((await it.look()).findings.filter(isOfNetworks)).toHaveLength(2);
  it.change = { sealed: { look: silent } };
  expect((await it.look()).unlooked.filter(isOfNetworks)).toHaveLength(1);
});

const CONTROL = "eu-west-1";
const isOfNetworks = ({ area }: Subject) => area === "sealed networks";

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
  const { look } = await kept({
    account: { ...GOOD_ACCOUNT, quotas: silent, switchedOn: silent },
    tls: async () => ({ ...GOOD_TLS, trouble: "it has ended" }),
  });
  const report = await look();
  expect(report.unlooked.map(({ area, about }) => `${area} of ${about}`).toSorted()).toEqual([
    ...["quotas of eu-central-1 (DE)", "quotas of eu-central-2 (CH)", "quotas of eu-west-1 (IE)"],
    ...["regions of eu-central-1 (DE)", "regions of eu-central-2 (CH)"],
    ...["regions of eu-north-1 (SE)", "regions of eu-south-1 (IT)", "regions of eu-west-1 (IE)"],
  ]);
  expect(report.findings.map(({ about }) => about)).toEqual(["acme", "dale"]);
  const lines = liveLines(report);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines).toContain("2 broken, 0 risks, 8 not looked at");
});

it("counts the checks that the fleet needs beside those of others", async () => {
  const { look } = await kept({
    account: { ...GOOD_ACCOUNT, healthChecks: async () => ({ has: 2, uses: 3 }) },
  });
  expect((await look()).findings).toMatchObject([{ about: "Route 53", weight: "broken" }]);
});

it("does not judge an instance that is being failed over", async () => {
  const { account, look } = await kept({ isMoving: async ({ instance }) => instance === "acme" });
  account.made.delete("eu-central-2/acme-db");
  const { findings, unlooked } = await look();
  expect(findings).toEqual([]);
  expect(unlooked).toMatchObject([
    { area: "databases", about: "acme", why: "a failover or recovery is under way" },
    { area: "replication", about: "acme" },
    { area: "names", about: "acme" },
  ]);
});

it("asks a region that is silent for no more than the secrets already under way", async () => {
  const ids = Array.from({ length: 200 }, (_, at) => alone(`i${at}`));
  const many = await keptAccount(fleetOf(ids));
  let asked = 0;
  many.change = {
    secrets: {
      look: async (region) => {
        if (region !== "eu-west-1") return {};
        asked += 1;
        return silent();
      },
    },
  };
  const { unlooked } = await many.look();
  expect(unlooked.filter(({ area }) => area === "secrets")).toHaveLength(200);
  expect(asked).toBeLessThanOrEqual(16);
});

it("begins nothing when its time is over, and says so of each that it left out", async () => {
  const many = await keptAccount(fleetOf([alone("acme"), alone("dale")]));
  const scans: string[] = [];
  many.change = {
    tls: async (url) => {
      scans.push(url);
      return GOOD_TLS;
    },
  };
  const { unlooked } = await many.look({ until: new Date(0) });
  expect(scans).toEqual([]);
  expect(new Set(unlooked.map(({ area, about }) => `${about}: ${area}`))).toEqual(
    new Set(
      ["acme", "dale"].flatMap((id) => [
        `${id}: databases`,
        `${id}: names`,
        `${id}: secrets`,
        `${id}: TLS`,
      ]),
    ),
  );
});
