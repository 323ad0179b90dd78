import { expect, it } from "vitest";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { KeptAccount, keptAccount, silent } from "../../fakes/kept-account.ts";

const kept = () =>
  keptAccount(
    fleetOf([instance("acme"), instance("shop", {}, "mariadb"), instance("mill", {}, "mysql")]),
  );

it("finds nothing in a fleet of all engines that is as it was adopted", async () => {
  expect(await (await kept()).look()).toMatchObject({ findings: [], unlooked: [] });
});

it("finds values of parameter groups that a promise cannot rest on, at home and away", async () => {
  const it = await kept();
  const set = (place: string, values: Record<string, string>) => {
    const found = it.account.parameterGroups.get(place);
    if (found)
      it.account.parameterGroups.set(place, { ...found, values: { ...found.values, ...values } });
  };
  set("eu-central-1/shops-10-11", { read_only: "0" });
  set("eu-central-2/shops-8-4", { innodb_flush_log_at_trx_commit: "2", gtid_mode: "OFF" });
  set("eu-central-2/odoo-15", { read_only: "0" });
  const { findings } = await it.look();
  expect(findings.map(({ weight, area, about, of }) => [weight, area, about, of])).toEqual([
    ["broken", "parameters", "shop", "read_only of shops-10-11 in eu-central-1"],
    ["risk", "parameters", "mill", "innodb_flush_log_at_trx_commit of shops-8-4 in eu-central-2"],
    ["risk", "parameters", "mill", "gtid_mode of shops-8-4 in eu-central-2"],
  ]);
  expect(findings[0]?.mend).toBe(
    'aws --region eu-central-1 rds modify-db-parameter-group --db-parameter-group-name shops-10-11 --parameters "ParameterName=read_only,ParameterValue={TrueIfReplica},ApplyMethod=pending-reboot"',
  );
});

it("finds what a standby would leave out, or show too early", async () => {
  const it = await kept();
  for (const place of ["eu-central-1/shops-10-11", "eu-central-1/shops-8-4"]) {
    const found = it.account.parameterGroups.get(place);
    if (!found) throw new Error(place);
    const values = { "replicate-ignore-table": "shop.carts", replica_preserve_commit_order: "0" };
    it.account.parameterGroups.set(place, { ...found, values: { ...found.values, ...values } });
  }
  const { findings } = await it.look();
  expect(findings.map(({ weight, about, of }) => [weight, about, of])).toEqual([
    ["broken", "shop", "replicate-ignore-table of shops-10-11 in eu-central-1"],
    ["broken", "mill", "replicate-ignore-table of shops-8-4 in eu-central-1"],
    ["risk", "mill", "replica_preserve_commit_order of shops-8-4 in eu-central-1"],
  ]);
  expect(findings[0]?.mend).toBe(
    'aws --region eu-central-1 rds reset-db-parameter-group --db-parameter-group-name shops-10-11 --parameters "ParameterName=replicate-ignore-table,ApplyMethod=pending-reboot"',
  );
});

it("says that nobody looked where RDS does not answer for a group", async () => {
  const it = await kept();
  it.change = { groups: { parameters: silent } };
  const { findings, unlooked } = await it.look();
  expect(findings).toEqual([]);
  expect(unlooked.map(({ area, about }) => [area, about])).toEqual([
    ["parameters", "shop"],
    ["parameters", "mill"],
  ]);
});

it("finds a standby that lags, as long as somebody watches", async () => {
  const it = await kept();
  const ago = (seconds: number) =>
    new Date(it.account.clock.now().getTime() - seconds * 1000).toISOString();
  const seen = (at: string) => ({ at, primary: ago(0), standby: ago(900) });
  const following =
    (at: string) =>
    async ({ instance: id }: { readonly instance: string }) =>
      id === "shop" ? seen(at) : undefined;
  it.change = { following: following(ago(60)) };
  expect((await it.look()).findings).toMatchObject([
    { weight: "broken", area: "replication", about: "shop", of: "lag of shop-db-standby" },
  ]);
  it.change = { following: following(ago(1000)) };
  expect((await it.look()).findings).toEqual([]);
});

it("sends nobody to adopt what sla adopt does not know", async () => {
  const { account } = await keptAccount(fleetOf([instance("acme"), instance("mill")]));
  const cluster = instance("mill", {}, "aurora-mysql");
  const it = new KeptAccount(fleetOf([instance("acme"), cluster]), account);
  it.account.sets.set("db.mill.example.ch", []);
  it.account.sets.set("db.acme.example.ch", []);
  const { findings } = await it.look();
  const mends = (id: string) =>
    findings.flatMap(({ about, area, mend }) => (about === id && area === "names" ? [mend] : []));
  expect(new Set(mends("mill"))).toEqual(new Set(["by hand: docs/adopting.md#by-hand"]));
  expect(new Set(mends("acme"))).toEqual(new Set(["npx sla adopt acme"]));
});
