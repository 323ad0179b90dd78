import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import { fleetReader } from "../../../functions/ledger/fleet.ts";
import { publish } from "../../../functions/ledger/publish.ts";
import type { Tags } from "../../../lib/sla/backups/catalogue.ts";
import { KEPT_TAGS, STANDBY_TAGS } from "../../../lib/sla/database-tags.ts";
import { firstRoles, leftRoles } from "../../../lib/sla/roles.ts";
import { alone, fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const FLEET = fleetOf([instance("acme"), alone("cedar")]);
const NOW = new Date("2026-03-02T10:00:00Z");
const PROPERTIES = { assetBucket: "assets", assetKey: "abc.json", fleetKey: "fleet/1.json" };
const assets = { read: async () => JSON.stringify(FLEET) };
const at = (ledger: MemoryLedger) => ({ ledger, region: ledger.region, now: NOW });

describe("publish, where permissions go by tags", () => {
  const BY_TAG = { ...PROPERTIES, permissions: "tags" } as const;
  const tagged = (there: Readonly<Record<string, Tags>>) => ({
    tags: async () => new Map(Object.entries(there)),
  });

  it("refuses a deployment after which nobody could fence or promote, and writes nothing", async () => {
    const ledger = new MemoryLedger("eu-central-2");
    const databases = tagged({ "acme-db": {}, "cedar-db": KEPT_TAGS, payroll: {} });
    await expect(publish({ ...at(ledger), databases }, assets, BY_TAG)).rejects.toThrow(
      "in eu-central-2, 1 databases of the fleet have no tag sla:kept, by which functions of a fleet this large may act on them: acme-db. Run npx sla adopt --all, then deploy again",
    );
    expect(ledger.keys()).toEqual([]);
    // By names nobody is asked, nor where a refused deployment is put back to a version that knew no tags.
    await publish({ ...at(ledger), databases }, assets, PROPERTIES);
    await publish({ ...at(ledger), databases }, assets, { ...PROPERTIES, permissions: "names" });
  });

  it("goes by the roles of now, past who has left and what is yet to be made", async () => {
    const ledger = new MemoryLedger("eu-central-2");
    const first = firstRoles(FLEET, instance("acme"), NOW.toISOString());
    const built = { region: "eu-central-2", database: "acme-db-sla2" };
    ledger.put(keys.roles("acme"), { ...first, epoch: 3, primary: first.standby, standby: built });
    ledger.put(keys.roles("cedar"), leftRoles(first, NOW.toISOString(), "somebody"));
    const databases = tagged({ "acme-db": {}, "acme-db-sla2": {}, "cedar-db": {} });
    const refused = publish({ ...at(ledger), databases }, assets, BY_TAG);
    await expect(refused).rejects.toThrow(/1 databases .*: acme-db-sla2\./);
    const mended = tagged({ "acme-db": {}, "acme-db-sla2": STANDBY_TAGS, "cedar-db": {} });
    await publish({ ...at(ledger), databases: mended }, assets, BY_TAG);
    expect(await fleetReader(ledger, "fleet/1.json")()).toEqual(FLEET);
  });
});
