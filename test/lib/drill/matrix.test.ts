import { describe, expect, test } from "vitest";
import { answersAgain } from "../../../lib/drill/aftermath.ts";
import { FAULTS } from "../../../lib/drill/faults.ts";
import { type Asked, collectAbsences, planMatrix } from "../../../lib/drill/matrix.ts";
import { chooseVictim } from "../../../lib/drill/options.ts";
import { readFleet } from "../../../lib/fleet/parse.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { mintsys } from "../../../lib/sla/presets/mintsys.ts";

const FLEET = readFleet("examples/fleet.yaml");
const plan = (asked: Partial<Asked>, instance = "acme") =>
  planMatrix(
    { fault: "kill", without: [], rounds: 1, ...asked },
    FLEET,
    chooseVictim(FLEET, instance),
  );
const names = (asked: Partial<Asked>, instance?: string) =>
  plan(asked, instance).runs.map(({ name }) => name);

describe("--without", () => {
  test.for<[string, readonly string[]]>([
    ["route53", ["route53"]],
    ["sns,s3-home", ["sns", "s3-home"]],
    ["sns, vantage:eu-north-1", ["sns", "vantage:eu-north-1"]],
    ["sns,sns", ["sns"]],
    ["all", ["all"]],
  ])("%s", ([text, parsed]) => {
    expect(collectAbsences(text, [])).toEqual(parsed);
  });

  test("given twice, both are gone", () => {
    expect(collectAbsences("sns", ["route53"])).toEqual(["route53", "sns"]);
  });

  test.for<[string, RegExp]>([
    ["rds", /expected route53, sns, s3-home or vantage:REGION, got 'rds'$/],
    ["sns,", /got ''$/],
    ["vantage", /got 'vantage'; name its region$/],
    ["vantage:", /got 'vantage:'; name its region$/],
    ["S3-home", /got 'S3-home'$/],
  ])("'%s' is refused in one line", ([text, line]) => {
    expect(() => collectAbsences(text, [])).toThrow(line);
  });

  test("a vantage that the fleet has not is refused with those it has", () => {
    expect(() => plan({ without: ["vantage:eu-west-3"] })).toThrow(
      "--without: the fleet has no vantage 'eu-west-3'; it has eu-west-1, eu-north-1, eu-south-1",
    );
  });

  test("all stands alone", () => {
    expect(() => plan({ without: ["all", "sns"] })).toThrow(/'all' stands alone/);
  });
});

describe("a run that would prove nothing", () => {
  const { backups: _, ...bare } = mintsys;
  const { siteLoss: __, ...cheap } = mintsys;
  const [acme] = FLEET.instances;

  test.for<[string, string, Plan, Partial<Instance>, RegExp]>([
    ["region-lost", "sells no recovery", cheap, {}, /promises nothing for a lost data center/],
    ["bad-data", "sells no recovery", cheap, {}, /promises nothing for a lost data center/],
    ["region-lost", "sells no backups", bare, {}, /sells no backups to come back from/],
    ["region-lost", "has no third site", mintsys, { copies: ["eu-central-1"] }, /no third site/],
    [
      "region-lost",
      "has its copies where there is no site",
      mintsys,
      { copies: ["eu-north-1"] },
      /no third site holds copies of it: that takes `copies:`/,
    ],
  ])("%s of an instance that %s is refused in one line", ([fault, , sold, changes, why]) => {
    const fleet = { ...FLEET, plans: { ...FLEET.plans, mintsys: sold } };
    const victim = { ...acme, ...changes } as Instance;
    const planned = () => planMatrix({ fault, without: [], rounds: 1 }, fleet, victim);
    expect(planned).toThrow(why);
    expect(planned).toThrow(new RegExp(`^--fault: ${fault} proves nothing for acme: `));
  });

  test.for<[string, string, readonly string[], RegExp]>([
    ["acme", "app-down", ["route53"], /no record is changed where nothing is promoted/],
    ["birch", "kill", ["route53"], /stop: own/],
    ["acme", "flap", ["sns"], /nobody is to be mailed/],
    ["acme", "flap", ["s3-home"], /the night is not quiet/],
    ["acme", "blind-vantage", ["vantage:eu-west-1"], /has to see everything down/],
    ["acme", "kill", ["vantage:eu-west-1", "vantage:eu-north-1"], /too few vantages/],
    ["acme", "region-lost", ["route53"], /no flag leads to what was restored/],
    ["acme", "bad-data", ["sns"], /nobody begins who was not told/],
    ["acme", "region-lost", ["s3-home"], /S3 is lost with home/],
  ])("%s, %s without %s is refused with its reason", ([instance, fault, without, why]) => {
    expect(() => plan({ fault, without }, instance)).toThrow(why);
  });

  test.for<[string, string, readonly string[]]>([
    ["acme", "kill", ["route53", "sns", "s3-home", "vantage:eu-south-1"]],
    ["birch", "kill", ["sns", "s3-home"]],
    ["acme", "app-down", ["sns"]],
    ["acme", "slow-standby", ["s3-home"]],
    ["acme", "blind-vantage", ["vantage:eu-north-1"]],
    ["acme", "region-lost", ["vantage:eu-north-1"]],
    ["cedar", "region-lost", []],
    ["birch", "bad-data", []],
  ])("but %s, %s without %s is not", ([instance, fault, without]) => {
    expect(plan({ fault, without }, instance).runs).toHaveLength(1);
  });
});

describe("the matrix", () => {
  test("is every fault with nothing gone, and with each thing gone that makes sense", () => {
    const { runs, leftOut } = plan({ fault: "all", without: ["all"] });
    expect(runs.length + leftOut.length).toBe(FAULTS.length * 5);
    expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length);
    expect(runs.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        ...FAULTS.map(({ name }) => name),
        "kill without route53",
        "lazarus without sns",
        "freeze without s3-home",
        "blind-vantage without vantage:eu-south-1",
      ]),
    );
    for (const { because } of leftOut) expect(because).not.toBe("");
  });

  test("of a round of all faults without something leaves out what proves nothing", () => {
    expect(names({ fault: "all", without: ["sns"] })).not.toContain("flap without sns");
  });

  test("comes in complete rounds", () => {
    const { runs } = plan({ fault: "all", rounds: 2 });
    expect(runs.map(({ round }) => round)).toEqual([
      ...FAULTS.map(() => 1),
      ...FAULTS.map(() => 2),
    ]);
  });
});

describe("--there-and-back", () => {
  const back = (asked: Partial<Asked>, instance = "acme") =>
    plan({ ...asked, thereAndBack: true }, instance).runs.map(({ goesBack }) => goesBack);

  test.for<[string, readonly string[]]>([
    ["kill", []],
    ["kill", ["route53"]],
    ["kill", ["route53", "sns", "s3-home", "vantage:eu-south-1"]],
    ["freeze", ["sns"]],
    ["region", []],
    ["region", ["sns"]],
    ["region", ["route53", "vantage:eu-south-1"]],
  ])("goes with %s without %s", ([fault, without]) => {
    expect(back({ fault, without })).toEqual([true]);
  });

  test.for<[string, readonly string[], RegExp]>([
    ["region", ["s3-home"], /S3 hangs with its whole region already/],
    ["app-down", [], /^--there-and-back: nothing is failed over in this drill of acme; try/],
    ["region-lost", [], /^--there-and-back: nothing is failed over/],
    ["split", ["sns"], /^--there-and-back: nothing is failed over/],
    ["kill", ["vantage:eu-west-1", "vantage:eu-north-1"], /too few vantages/],
  ])("is refused with %s without %s, in one sentence", ([fault, without, why]) => {
    expect(() => back({ fault, without })).toThrow(why);
  });

  test("of all faults goes back from those that led there, and only if asked", () => {
    const { runs } = plan({ fault: "all", without: ["all"], thereAndBack: true });
    const there = new Set(runs.filter(({ goesBack }) => goesBack).map(({ fault }) => fault.name));
    expect(there).toContain("region");
    expect(there).not.toContain("flap");
    expect(plan({ fault: "all" }).runs.some(({ goesBack }) => goesBack)).toBe(false);
  });

  test("begins when everything answers again", () => {
    const ended: string[] = [];
    const told: string[] = [];
    const absences = plan({ without: ["route53", "sns", "vantage:eu-south-1"] }).runs.flatMap(
      (run) => run.absences.map((each) => ({ ...each, end: () => void ended.push(each.name) })),
    );
    const stage = { cloud: {} } as Parameters<typeof answersAgain>[0];
    answersAgain(stage, absences, ({ detail }) => void told.push(detail));
    // SNS has answered before: what it owes is waited for.
    expect(ended).toEqual(["route53", "vantage:eu-south-1"]);
    expect(told[0]).toBe("route53 answers, before anybody goes back");
  });
});
