import { expect, test } from "vitest";
import { appSeats } from "../../../lib/drill/app-seats.ts";
import { instance } from "../../fakes/fleet.ts";

const URL = "https://acme.example.ch/web/health";
const home = { home: "acme-2.elb.example" };
const recovery = { "eu-west-1": "acme-3.elb.example" };

test.for<[string, Parameters<typeof instance>[1], readonly string[]]>([
  ["at home under its page's name if it has no other", {}, ["eu-central-2 acme.example.ch"]],
  ["at home", { app: home }, ["eu-central-2 acme-2.elb.example"]],
  [
    "where the standby is",
    { standby: "eu-central-1", app: { ...home, standby: "acme-1.elb.example" } },
    ["eu-central-2 acme-2.elb.example", "eu-central-1 acme-1.elb.example"],
  ],
  [
    "where its database may be restored",
    { app: { ...home, recovery } },
    ["eu-central-2 acme-2.elb.example", "eu-west-1 acme-3.elb.example"],
  ],
])("an application runs %s", ([, changes, seats]) => {
  const { standby: _standby, app: _app, ...alone } = instance("acme", { url: URL });
  const found = appSeats({ ...alone, ...changes, url: URL, home: "eu-central-2" });
  expect(found.map(({ site, name }) => `${site} ${name}`)).toEqual(seats);
});
