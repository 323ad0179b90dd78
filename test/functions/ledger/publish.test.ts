import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Flag } from "../../../functions/flag/contract.ts";
import {
  keys,
  PUBLISH_PROPERTIES,
  type PublishProperties,
} from "../../../functions/ledger/contract.ts";
import { answerOf, type ResourceEvent } from "../../../functions/ledger/custom-resource.ts";
import { fleetReader, rolesReader } from "../../../functions/ledger/fleet.ts";
import { publish } from "../../../functions/ledger/publish.ts";
import { firstRoles, promotedRoles, type Roles } from "../../../lib/sla/roles.ts";
import { alone, fleetOf, instance } from "../../fakes/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const FLEET = fleetOf([instance("acme"), alone("cedar"), instance("far", { home: "eu-north-2" })]);
const NOW = new Date("2026-03-02T10:00:00Z");
const PROPERTIES = { assetBucket: "assets", assetKey: "abc.json", fleetKey: "fleet/1.json" };
const nowhere = { tags: async () => new Map() };
const assets = { read: async () => JSON.stringify(FLEET) };
const at = (ledger: MemoryLedger) => ({
  ...{ ledger, region: ledger.region, now: NOW, databases: nowhere },
});
const rolesIn = (ledger: MemoryLedger, id: string) => ledger.peek<Roles>(keys.roles(id));

/** What the workflow's record step does, as far as roles go. */
function failOver(ledger: MemoryLedger, id: string, index: number): void {
  const roles = rolesIn(ledger, id);
  if (!roles) return;
  ledger.put(keys.roles(id), { ...roles, epoch: roles.epoch + 1, by: `execution ${index}` });
}

/** One deployment of these instances, after which everything that was there is there unchanged. */
async function deployed(ledger: MemoryLedger, ids: readonly string[], index: number) {
  const contents = () =>
    ledger
      .keys()
      .filter((key) => key !== keys.rolesMark)
      .map((key) => [key, ledger.peek(key)] as const);
  const [before, writes] = [contents(), ledger.writes.length];
  const fleet = fleetOf(ids.map((id) => instance(id)));
  const asset = { read: async () => JSON.stringify(fleet) };
  const fleetKey = `fleet/${index}.json`;
  const { newcomers } = await publish(at(ledger), asset, { ...PROPERTIES, fleetKey });
  expect(contents()).toEqual(expect.arrayContaining([...before]));
  const written = ledger.writes.slice(writes).toSorted();
  expect(written.filter((key) => key !== keys.rolesMark)).toEqual(
    [fleetKey, ...newcomers.map(keys.roles)].toSorted(),
  );
}

describe("publish", () => {
  it("puts the fleet and the first roles of the site's instances into its ledger", async () => {
    const zurich = new MemoryLedger("eu-central-2");
    expect(await publish(at(zurich), assets, PROPERTIES)).toEqual({
      fleetKey: "fleet/1.json",
      newcomers: ["acme", "cedar"],
    });
    expect(await fleetReader(zurich, "fleet/1.json")()).toEqual(FLEET);
    expect(rolesIn(zurich, "acme")).toMatchObject({ epoch: 1, owner: "eu-central-1" });
    expect(rolesIn(zurich, "far")).toBeUndefined();
  });

  it("lays a lowered STOP flag where it will be raised, and never touches it again", async () => {
    const own = instance("acme", { dns: { ...instance("acme").dns, stop: "own" } });
    const fleet = fleetOf([own, alone("cedar")]);
    const flags = { read: async () => JSON.stringify(fleet) };
    const owner = new MemoryLedger("eu-central-1");
    await publish(at(owner), flags, PROPERTIES);
    const first = owner.peek<Flag>(keys.flag("acme"));
    expect(first).toMatchObject({ id: "acme", state: "lowered", by: "deployment" });
    expect(first?.token).toMatch(/^[\w-]{43}$/);
    owner.put(keys.flag("acme"), { ...first, state: "raised" });
    await publish(at(owner), flags, PROPERTIES);
    expect(owner.peek<Flag>(keys.flag("acme"))).toEqual({ ...first, state: "raised" });
    const home = new MemoryLedger("eu-central-2");
    await publish(at(home), flags, PROPERTIES);
    expect(home.keys("flags/")).toEqual([]);
  });

  it("lays the flags of cells, for the way there and the way back", async () => {
    const fleet = fleetOf([instance("acme", { home: "eu-west-3" }), instance("birch")]);
    const cells = { read: async () => JSON.stringify(fleet) };
    const [there, back] = [new MemoryLedger("eu-central-1"), new MemoryLedger("eu-west-3")];
    await publish(at(there), cells, PROPERTIES);
    await publish(at(back), cells, PROPERTIES);
    expect(there.keys("flags/")).toEqual([
      "flags/cell--eu-central-2-eu-central-1-automatic.json",
      "flags/cell--eu-west-3-eu-central-1-automatic.json",
    ]);
    expect(back.keys("flags/")).toEqual(["flags/cell--eu-central-1-eu-west-3-automatic.json"]);
  });

  it("gives control the roles of every instance", async () => {
    const control = new MemoryLedger("eu-west-1");
    const { newcomers } = await publish(at(control), assets, PROPERTIES);
    expect(newcomers).toEqual(["acme", "cedar", "far"]);
  });

  it("changes no role when it is deployed after a failover", async () => {
    const frankfurt = new MemoryLedger("eu-central-1");
    const [acme] = FLEET.instances;
    if (!acme) throw new Error("the fleet has acme");
    const promoted = promotedRoles(
      firstRoles(FLEET, acme, NOW.toISOString()),
      "eu-west-1",
      "2026-03-02T11:00:00Z",
      "fo-acme-e1",
    );
    frankfurt.put(keys.roles("acme"), promoted);
    await publish(at(frankfurt), assets, { ...PROPERTIES, fleetKey: "fleet/2.json" });
    expect(rolesIn(frankfurt, "acme")).toEqual(promoted);
  });

  it("writes over nothing, whatever failovers and deployments came before", async () => {
    const ids = ["acme", "cedar", "far"];
    const history = fc.array(
      fc.oneof(
        fc.record({ deploys: fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 }) }),
        fc.record({ failsOver: fc.constantFrom(...ids) }),
      ),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(history, async (events) => {
        const control = new MemoryLedger("eu-west-1");
        for (const [index, event] of events.entries()) {
          if ("failsOver" in event) failOver(control, event.failsOver, index);
          else await deployed(control, event.deploys, index);
        }
      }),
    );
  });

  it("says what is wrong with an asset that is no fleet", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    const broken = { read: async () => "<html>" };
    await expect(publish(at(ledger), broken, PROPERTIES)).rejects.toThrow(/abc\.json holds no/);
    expect(ledger.keys()).toEqual([]);
  });
});

describe("the custom resource", () => {
  const event = (changes: Partial<ResourceEvent> = {}): ResourceEvent => ({
    RequestType: "Create",
    ResponseURL: "http://127.0.0.1/answer",
    StackId: "stack",
    RequestId: "request",
    LogicalResourceId: "Fleet",
    ResourceProperties: PROPERTIES,
    ...changes,
  });

  it("is named after the fleet it published", async () => {
    expect(await answerOf(event(), PUBLISH_PROPERTIES, async () => undefined)).toEqual({
      Status: "SUCCESS",
      PhysicalResourceId: "fleet/1.json",
      StackId: "stack",
      RequestId: "request",
      LogicalResourceId: "Fleet",
    });
  });

  it("removes nothing when it is deleted", async () => {
    const touched: string[] = [];
    const answer = await answerOf(
      event({ RequestType: "Delete" }),
      PUBLISH_PROPERTIES,
      async () => {
        touched.push("published");
      },
    );
    expect([answer.Status, touched]).toEqual(["SUCCESS", []]);
  });

  it("publishes again at an update, and drops the fleet before it without touching anything", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    const publishing = (properties: PublishProperties) => publish(at(ledger), assets, properties);
    const next = { ...PROPERTIES, fleetKey: "fleet/2.json" };
    await answerOf(event(), PUBLISH_PROPERTIES, publishing);
    failOver(ledger, "acme", 0);
    const held = rolesIn(ledger, "acme");
    const [known, changed] = [{ PhysicalResourceId: "fleet/1.json" }, { ResourceProperties: next }];
    const update = event({ RequestType: "Update", ...known, ...changed });
    expect(await answerOf(update, PUBLISH_PROPERTIES, publishing)).toMatchObject({
      PhysicalResourceId: "fleet/2.json",
    });
    // CloudFormation deletes what has been replaced by another id.
    await answerOf(event({ RequestType: "Delete", ...known }), PUBLISH_PROPERTIES, publishing);
    expect(rolesIn(ledger, "acme")).toEqual(held);
    expect(ledger.keys("fleet/")).toEqual(["fleet/1.json", "fleet/2.json"]);
  });

  it("tells CloudFormation why it failed", async () => {
    const answer = await answerOf(event(), PUBLISH_PROPERTIES, async () => {
      throw new Error("the bucket burns");
    });
    expect(answer).toMatchObject({ Status: "FAILED", Reason: "Error: the bucket burns" });
  });

  it("names the properties it lacks", async () => {
    const bare = event({ ResourceProperties: { fleetKey: "fleet/1.json" } });
    const { Reason } = await answerOf(bare, PUBLISH_PROPERTIES, async () => undefined);
    expect(Reason).toContain("lacks assetBucket, assetKey");
  });
});

describe("rolesReader", () => {
  it("reads again only the roles that have changed", async () => {
    const ledger = new MemoryLedger("eu-west-1");
    await publish(at(ledger), assets, PROPERTIES);
    const read: string[] = [];
    const counting = {
      read: <T>(key: string) => {
        read.push(key);
        return ledger.read<T>(key);
      },
      create: ledger.create.bind(ledger),
      replace: ledger.replace.bind(ledger),
      list: ledger.list.bind(ledger),
      text: ledger.text.bind(ledger),
    };
    const reader = rolesReader(counting);
    expect([...(await reader.all()).keys()]).toEqual(["acme", "cedar", "far"]);
    const cedar = rolesIn(ledger, "cedar");
    ledger.put(keys.roles("cedar"), { ...cedar, epoch: 2 });
    expect((await reader.all()).get("cedar")?.epoch).toBe(2);
    expect(read).toEqual(["acme", "cedar", "far", "cedar"].map(keys.roles));
  });

  it("knows every instance's own roles whatever their order", async () => {
    const anyIds = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(anyIds, async (ids) => {
        const ledger = new MemoryLedger("eu-west-1");
        const fleet = fleetOf(ids.map((id) => instance(id)));
        await publish(at(ledger), { read: async () => JSON.stringify(fleet) }, PROPERTIES);
        const all = await rolesReader(ledger).all();
        expect(new Set(all.keys())).toEqual(new Set(ids));
        for (const [id, roles] of all) expect(roles.primary.database).toBe(`${id}-db`);
      }),
    );
  });
});
