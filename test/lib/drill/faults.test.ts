import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FAULTS, type Scene } from "../../../lib/drill/faults.ts";
import { chooseFault, chooseFaults } from "../../../lib/drill/options.ts";
import type { Outcome } from "../../../lib/drill/result.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";

const ACME = {
  id: "acme",
  plan: "mintsys",
  url: "https://acme.example.ch/web/health",
  home: "eu-central-2",
  standby: "eu-central-1",
  copies: [],
  database: {
    primary: "acme-db",
    standby: "acme-db-standby",
    secret: "acme/sla",
    name: "postgres",
  },
  dns: { zone: "Z1", names: { database: "db.acme.example.ch" }, ttl: 60, stop: "own" },
  failover: "automatic",
  contacts: [],
} as const satisfies Instance;
const { standby: _, ...ALONE } = ACME;

const VICTIMS: Readonly<Record<string, Instance>> = {
  "a standby": ACME,
  "no standby": ALONE,
  approval: { ...ACME, failover: "approval" },
  "approval or halt": { ...ACME, failover: "approval" },
  "alert-only": { ...ACME, failover: "alert-only" },
};

/** What a fault does, in order. */
async function doneBy(name: string): Promise<string[]> {
  const done: string[] = [];
  const note =
    (what: string) =>
    async (...args: readonly unknown[]) =>
      void done.push([what, ...args].join(" "));
  const scene: Scene = {
    victim: ACME,
    vantages: ["eu-west-1", "eu-north-1", "eu-south-1"],
    killPrimary: note("kill primary"),
    killApplication: note("kill application"),
    stumble: note("stumble"),
    blind: note("blind"),
    throttleOwner: note("throttle owner"),
    killEachStep: note("kill each step"),
    starveStandby: note("starve standby"),
    delayReplay: note("delay replay"),
    isolateHome: note("isolate home"),
    loseHome: note("lose home"),
    loseForGood: note("lose home and standby"),
    dropTable: note("drop table"),
    freezePrimary: note("freeze primary"),
    reviveOldPrimaryOncePromoted: note("revive later"),
    thawOldPrimaryOncePromoted: note("thaw later"),
  };
  await chooseFault(name).inject(scene);
  return done;
}

describe("a fault declares what it must lead to", () => {
  test.for<[string, string, Outcome]>([
    ["kill", "a standby", "failover"],
    ["kill", "no standby", "alert"],
    ["kill", "approval", "failover"],
    ["kill", "approval or halt", "halt"],
    ["kill", "alert-only", "alert"],
    ["freeze", "a standby", "failover"],
    ["freeze", "no standby", "alert"],
    ["throttle", "a standby", "failover"],
    ["throttle", "no standby", "alert"],
    ["dying-function", "a standby", "failover"],
    ["dying-function", "no standby", "alert"],
    ["region", "a standby", "failover"],
    ["region", "no standby", "alert"],
    ["region-lost", "a standby", "recovery"],
    ["region-lost", "no standby", "recovery"],
    ["bad-data", "approval or halt", "recovery"],
    ["slow-standby", "a standby", "halt"],
    ["slow-standby", "no standby", "alert"],
    ["slow-standby", "approval", "halt"],
    ["late-replay", "a standby", "failover"],
    ["late-replay", "no standby", "alert"],
    ["split", "a standby", "alert"],
    ["blind-vantage", "a standby", "nothing"],
    ["flap", "a standby", "nothing"],
    ["app-down", "a standby", "alert"],
  ])("%s, %s: %s", ([name, victim, outcome]) => {
    const halts = victim.endsWith("halt") ? { approval: { otherwise: "halt" as const } } : {};
    const plan = { ...mintsys, ...halts };
    expect(chooseFault(name).expects(VICTIMS[victim] ?? ACME, plan)).toBe(outcome);
  });

  test("slow-standby, no RPO promised: failover, however much it loses", () => {
    const { serverLoss: _server, siteLoss: _site, ...plan } = mintsys;
    expect(chooseFault("slow-standby").expects(ACME, plan)).toBe("failover");
  });
});

describe("--fault", () => {
  test("all is every fault in turn, a name is that one", () => {
    expect(chooseFaults("all")).toEqual(FAULTS);
    expect(chooseFaults("lazarus").map(({ name }) => name)).toEqual(["lazarus"]);
  });

  test("no fault is called all, and each is in the README's table", () => {
    const readme = readFileSync("README.md", "utf8");
    for (const { name } of FAULTS) {
      expect(name).not.toBe("all");
      expect(readme).toMatch(new RegExp(`^\\| \`${name}\``, "m"));
    }
  });
});

describe("a fault breaks", () => {
  test.for<[string, readonly string[]]>([
    ["kill", ["kill primary"]],
    ["lazarus", ["revive later", "kill primary"]],
    ["freeze", ["thaw later", "freeze primary"]],
    ["throttle", ["throttle owner", "kill primary"]],
    ["dying-function", ["kill each step", "kill primary"]],
    ["slow-standby", ["starve standby", "kill primary"]],
    ["late-replay", ["delay replay", "kill primary"]],
    ["split", ["isolate home"]],
    ["region", ["lose home"]],
    ["region-lost", ["lose home and standby"]],
    ["bad-data", ["drop table"]],
    ["blind-vantage", ["blind eu-west-1"]],
    ["flap", ["stumble"]],
    ["app-down", ["kill application"]],
  ])("%s: %s", async ([name, done]) => {
    expect(await doneBy(name)).toEqual(done);
  });

  test("nothing under a name that another fault has", () => {
    const names = FAULTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
