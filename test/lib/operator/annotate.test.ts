import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { keys } from "../../../functions/ledger/contract.ts";
import type { IncidentRecord } from "../../../functions/watch/contract.ts";
import { register } from "../../../lib/cli/incident.ts";
import { annotate, incidentOwner, parseCause } from "../../../lib/operator/annotate.ts";
import { annotationLines, incidentLines } from "../../../lib/operator/incident-lines.ts";
import { incidentsOf } from "../../../lib/operator/incidents.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { cloudpepperHigh } from "../../../lib/sla/presets/cloudpepper-high.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";
import { Bureau, CONTROL, HOME, STANDBY } from "../../fakes/operator-access.ts";

const ID = "20261121090000000";
const PEPPER = cloudpepperHigh as Plan;
const SITES = [HOME, STANDBY, CONTROL];

class Office extends Bureau {
  override readonly fleet = fleetOf([instance("acme"), instance("birch")], PEPPER);

  constructor() {
    super();
    for (const site of SITES) this.happened(site, "acme");
  }

  happened(site: string, id: string, change: Partial<IncidentRecord> = {}) {
    this.memory.at(site).put(keys.incident(id, ID), {
      ...{ instance: id, incident: ID, firstBadAt: "2026-11-21T09:00:00.000Z" },
      ...{ firstGoodAt: "2026-11-21T09:09:30.000Z", closedAt: "2026-11-21T09:10:30.000Z" },
      ...change,
    });
  }

  get acme() {
    return this.fleet.instances[0] as (typeof this.fleet.instances)[number];
  }

  say(cause: "customer-code" | "none" = "customer-code", reason = "their module") {
    return annotate(this, this.acme, { incident: ID, cause, reason });
  }
}

describe("an annotation", () => {
  it("lies in every ledger with its author and reason, beside what was said before", async () => {
    const office = new Office();
    const first = await office.say();
    expect(first.verdict).toEqual({
      counts: true,
      span: { fromMs: Date.parse("2026-11-21T09:00Z"), toMs: Date.parse("2026-11-21T09:09Z") },
    });
    const taken = await office.say("none", "it was ours");
    expect(taken.verdict).toEqual({ counts: false, because: "withdrawn" });
    for (const site of SITES) {
      const ledger = office.memory.at(site);
      const found = ledger.keys("annotations/").map((key) => ledger.peek(key));
      expect(found).toMatchObject([
        { cause: "customer-code", by: office.caller, reason: "their module" },
        { cause: "none", by: office.caller, reason: "it was ours" },
      ]);
    }
  });

  it("says what it comes to, at most 80 columns wide", async () => {
    const office = new Office();
    office.memory.cutOff(HOME);
    const lines = annotationLines(await office.say(), "Europe/Zurich");
    expect(lines).toEqual([
      `acme ${ID}: customer-code`,
      "  incident   2026-11-21 10:00 to 10:09 (Europe/Zurich)",
      "  counts     what was down of it from 2026-11-21 10:00 to 10:09 (Europe/Zurich)",
      "             does not count; sla report shows both figures",
      "! eu-central-2 does not answer and does not know of it; the others do",
    ]);
  });

  it("of an incident that is open counts once it has ended", async () => {
    const office = new Office();
    for (const site of SITES) {
      const open = { firstBadAt: "2026-11-21T09:00:00.000Z" };
      office.memory.at(site).put(keys.incident("acme", ID), open);
    }
    expect((await office.say()).verdict).toEqual({ counts: false, because: "still-open" });
  });

  it("has an author", async () => {
    const office = Object.assign(new Office(), { caller: "unknown" });
    await expect(office.say()).rejects.toMatchObject({ exitCode: 1, message: /an author/ });
    expect(office.memory.at(HOME).keys("annotations/")).toEqual([]);
  });
});

describe("whose incident it is", () => {
  it("is found in whichever ledger answers and knows it", async () => {
    const office = new Office();
    office.memory.cutOff(CONTROL);
    expect(await incidentOwner(office, ID, office.fleet.instances)).toBe(office.acme);
  });

  it("has to be said where several had one of that name", async () => {
    const office = new Office();
    office.happened(CONTROL, "birch");
    const asked = incidentOwner(office, ID, office.fleet.instances);
    await expect(asked).rejects.toThrow(/acme, birch had an incident of that name.*--instance/);
    expect(await incidentOwner(office, ID, [office.acme])).toBe(office.acme);
  });

  it("is nobody's where no ledger knows it", async () => {
    const office = new Office();
    const asked = incidentOwner(office, "20261121080000000", office.fleet.instances);
    await expect(asked).rejects.toThrow(/^no ledger that answers knows an incident '2026112108/);
  });
});

describe("a cause", () => {
  it.each<[string, Plan, RegExp]>([
    ["bad-luck", PEPPER, /'bad-luck' is no reason.*leaves out customer-code, .*none takes back/],
    ["planned-maintenance", PEPPER, /announced before, by sla maintenance add$/],
    ["customer-code", mintsys as Plan, /the plan 'mintsys' leaves no cause out/],
  ])("%s of %j is refused", (cause, plan, message) => {
    expect(() => parseCause(cause, plan)).toThrow(message);
  });

  it.each(["customer-code", "force-majeure", "none"])("%s is one", (cause) => {
    expect(parseCause(cause, PEPPER)).toBe(cause);
  });
});

describe("the incidents of an instance", () => {
  it("have their names, their times and the last word on their cause", async () => {
    const office = new Office();
    await office.say();
    const { incidents, silent } = await incidentsOf(office, office.acme);
    expect(incidentLines(incidents, silent, "Europe/Zurich")).toEqual([
      `${ID}  2026-11-21 10:00 to 10:09 (Europe/Zurich); customer-code by`,
      "                   arn:aws:iam::111111111111:user/ops: their module",
    ]);
  });
});

describe("sla incident", () => {
  const said = ["--cause", "customer-code", "--reason", "x"];
  it.each<[readonly string[], RegExp]>([
    [["annotate", "7", ...said], /^'7' is no incident: expected 17 digits/],
    [["annotate", ID, ...said, "--instance", "heron"], /^the fleet has no 'heron'/],
    [
      ["annotate", ID, ...said, "--instance", "acme"],
      /^--cause: 'customer-code' .* 'mintsys' leaves no/,
    ],
    [["annotate", ID, "--cause", "x", "--reason", ""], /^--reason: say why/],
    [["list", "--instance", "heron"], /^the fleet has no 'heron'/],
  ])("refuses %j in one line", async (argv, message) => {
    const program = new Command("sla").exitOverride();
    register(program);
    const args = ["node", "sla", "incident", ...argv, "--fleet", "examples/fleet.yaml"];
    const refused = await program.parseAsync(args).catch((cause: unknown) => cause);
    expect(refused).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });
});
