import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseFleet } from "../../lib/fleet/parse.ts";

const file = new URL("../../bench/lab-fleet.yaml", import.meta.url);
const { instances, plans } = parseFleet(readFileSync(file), "bench/lab-fleet.yaml");

describe("the lab fleet", () => {
  it("is a fleet that keeps its promises, with a victim and a neighbour", () => {
    expect(instances.map(({ id }) => id)).toEqual(["victim", "neighbour"]);
  });

  it("waits for nothing but two looks a second apart and a TTL of one second", () => {
    for (const { plan: name, dns } of instances) {
      expect(dns.ttl).toBe(1);
      expect(plans[name]).toMatchObject({
        watch: { everySeconds: 1, badRounds: 2 },
        multiAz: { required: false, waitSeconds: 0 },
      });
    }
  });
});
