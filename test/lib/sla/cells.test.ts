import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flagIdOf, stopFlags, withoutStopFlag } from "../../../lib/sla/cells.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { alone, fleetOf, instance } from "../../fakes/fleet.ts";

const own = (id: string, changes: Partial<Instance> = {}) =>
  instance(id, { ...changes, dns: { ...instance(id).dns, stop: "own" } });
const FRANKFURT = { primary: "eu-central-2", standby: "eu-central-1" };

describe("STOP flags", () => {
  it("are one for each instance that wants its own, and one for each cell and direction", () => {
    const fleet = fleetOf([
      own("acme", { home: "eu-west-3" }),
      instance("birch"),
      instance("cherry"),
      instance("damson", { failover: "approval" }),
      instance("elder", { home: "eu-north-1" }),
      alone("fir"),
    ]);
    const flags = stopFlags(fleet).map(({ id, site, members }) => [id, site, members.join(" ")]);
    expect(flags).toEqual([
      ["acme", "eu-central-1", "acme"],
      ["acme", "eu-west-3", "acme"],
      // Lambda serves no URLs in Zurich: no way back for these.
      ["cell--eu-central-2-eu-central-1-automatic", "eu-central-1", "birch cherry"],
      ["cell--eu-central-2-eu-central-1-approval", "eu-central-1", "damson"],
      ["cell--eu-north-1-eu-central-1-automatic", "eu-central-1", "elder"],
      ["cell--eu-central-1-eu-north-1-automatic", "eu-north-1", "elder"],
    ]);
  });

  it("have ids that no instance and no other flag of a site has, and that fit a path", () => {
    const some = fc.record({
      id: fc.stringMatching(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/).filter(({ length }) => length <= 40),
      stop: fc.constantFrom("own" as const, "cell" as const),
      home: fc.constantFrom("eu-central-2", "eu-north-1", "ap-southeast-2"),
      standby: fc.constantFrom("eu-central-1", "us-east-1"),
      failover: fc.constantFrom("automatic" as const, "approval" as const, "alert-only" as const),
    });
    const all = fc.uniqueArray(some, { selector: ({ id }) => id, maxLength: 20 });
    fc.assert(
      fc.property(all, (many) => {
        const fleet = fleetOf(
          many.map(({ id, stop, ...rest }) =>
            instance(id, { ...rest, dns: { ...instance(id).dns, stop } }),
          ),
        );
        const flags = stopFlags(fleet);
        const places = flags.map(({ id, site }) => `${site} ${id}`);
        expect(new Set(places).size).toBe(places.length);
        const cells = flags.filter(({ id }) => id.startsWith("cell--"));
        const ids = new Set(many.map(({ id }) => id));
        expect(cells.filter(({ id }) => ids.has(id))).toEqual([]);
        for (const { id } of flags) expect(id).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/);
      }),
    );
  });

  it("tell apart what fails over under other conditions", () => {
    expect(flagIdOf(instance("acme"), FRANKFURT)).toBe(flagIdOf(instance("birch"), FRANKFURT));
    expect(flagIdOf(own("acme"), FRANKFURT)).toBe("acme");
    expect(flagIdOf(instance("acme", { failover: "alert-only" }), FRANKFURT)).not.toBe(
      flagIdOf(instance("acme"), FRANKFURT),
    );
  });
});

describe("an instance whose flag nobody could watch", () => {
  it("is named, with the region and what to do", () => {
    const fleet = fleetOf([own("acme", { home: "eu-central-1", standby: "eu-central-2" })]);
    expect(withoutStopFlag(fleet)).toEqual([
      expect.stringMatching(/^acme: dns\.stop 'own' has no effect: .+eu-central-2 \(CH\).+choose/),
    ]);
    expect(withoutStopFlag(fleetOf([own("acme"), alone("cedar")]))).toEqual([]);
  });
});
