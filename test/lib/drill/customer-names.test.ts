import { describe, expect, it } from "vitest";
import { customerNames } from "../../../lib/drill/customer-names.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { fleetOf, instance } from "../../fakes/fleet.ts";

const names = { database: "db.acme.example.ch", app: "acme.example.ch" };
const acme = (url: string, changes: Partial<Instance> = {}) =>
  instance("acme", {
    url,
    app: {
      home: "acme-2.elb.example",
      standby: "acme-1.elb.example",
      recovery: { "eu-west-1": "acme-3.elb.example" },
    },
    dns: { zone: "Z1", names, ttl: 60, stop: "own" },
    ...changes,
  });

const namesOf = (only: Instance) =>
  customerNames(fleetOf([only])).map(({ zone, change: { ResourceRecordSet: set } }) => ({
    zone: `${zone.id} ${zone.name}`,
    leads: `${set?.Name} → ${set?.ResourceRecords?.[0]?.Value}`,
  }));

describe("customerNames", () => {
  it.for([
    ["the name that moves", "https://acme.example.ch/web/health"],
    ["the load balancer's own", "https://acme-2.elb.example/web/health"],
    ["the one of where it is restored", "https://acme-3.elb.example/web/health"],
    ["a name without a domain", "https://localhost/"],
  ] as const)("makes nothing of %s", ([, url]) => {
    expect(namesOf(acme(url))).toEqual([]);
  });

  it("makes nothing where no application moves", () => {
    const { app: _, ...rest } = acme("https://erp.customer.example/");
    const databaseOnly = { ...rest, dns: { ...rest.dns, names: { database: names.database } } };
    expect(namesOf(databaseOnly)).toEqual([]);
  });

  it("puts another name of the provider into the provider's zone", () => {
    expect(namesOf(acme("https://www.acme.example.ch/"))).toEqual([
      { zone: "Z1 example.ch", leads: "www.acme.example.ch → acme.example.ch" },
    ]);
  });

  it("gives a customer's domain a zone of its own", () => {
    expect(namesOf(acme("https://erp.customer.example/health"))).toEqual([
      { zone: "ZOFACME customer.example", leads: "erp.customer.example → acme.example.ch" },
    ]);
  });
});
