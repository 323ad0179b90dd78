import { describe, expect, it, test } from "vitest";
import { type Catch, catchesOf, open } from "../../../../lib/operator/game-day/catches.ts";
import { findingsOf } from "../../../../lib/sla/live/finding.ts";
import { promotedRoles, type Roles } from "../../../../lib/sla/roles.ts";
import { Hall } from "../../../fakes/game-day.ts";
import { CONTROL, down, HOME, LAST_LOOK, STANDBY, WELL } from "../../../fakes/operator-access.ts";

const ACME = findingsOf({ area: "names", about: "acme" });

async function refused(
  trouble: (hall: Hall) => void,
  hall = new Hall(),
): Promise<readonly Catch[]> {
  trouble(hall);
  return open(catchesOf(await hall.look()));
}

/** `3`: minutes after the look. */
const at = (minutes: number) => new Date(Date.parse(LAST_LOOK) + minutes * 60_000).toISOString();
const inLedgers = (hall: Hall, key: string, value: unknown) => {
  for (const site of [HOME, STANDBY, CONTROL]) hall.access.memory.at(site).put(key, value);
};
const window = (from: number, to: number) => ({
  ...{ window: "w1", kind: "planned", scope: "fleet", instances: ["acme"], reason: "a test" },
  ...{ fromAt: at(from), toAt: at(to), by: "arn:ops", announcedAt: at(-9999) },
});
const backed = (hall: Hall, more: object) => {
  const plan = hall.access.fleet.plans["quick"];
  const sold = { schedules: [{ every: "1d" }], rotation: { days: 7 }, ...more };
  Object.assign(plan ?? {}, { backups: sold });
};

it("all hold where everything is well", async () => {
  const catches = catchesOf(await new Hall().look());
  expect(open(catches)).toEqual([]);
  expect(catches).toHaveLength(19);
});

type Row = readonly [string, (hall: Hall) => void, string, RegExp];

const ROWS: readonly Row[] = [
  [
    "the primary has no tag",
    ({ tags }) => tags.delete(HOME),
    "both databases allow it, by their tag",
    /acme-db has no such tag/,
  ],
  [
    "the standby has no tag",
    ({ tags }) => tags.delete(STANDBY),
    "both databases allow it, by their tag",
    /acme-db-standby has no such tag/,
  ],
  [
    "the tag was copied from another's",
    ({ tags }) => tags.set(HOME, "birch"),
    "both databases allow it, by their tag",
    /acme-db has birch/,
  ],
  [
    "its group lets somebody in",
    (hall) => {
      hall.admits = {
        vpc: "vpc-2",
        ingress: [{ protocol: "tcp", peers: [{ kind: "group", name: "sg-9" }] }],
      };
    },
    "the group of game days admits nobody",
    /1 rules/,
  ],
  [
    "its group is not there",
    (hall) => {
      hall.admits = undefined;
    },
    "the group of game days admits nobody",
    /has no sg-2g/,
  ],
  [
    "its group is of another network",
    (hall) => {
      hall.admits = { vpc: "vpc-9", ingress: [] };
    },
    "the group of game days admits nobody",
    /is of vpc-9/,
  ],
  [
    "somebody has left it cut off",
    (hall) => {
      hall.primary.groups = ["sg-2g"];
    },
    "the group of game days admits nobody",
    /in it already/,
  ],
  [
    "the ledger of control is silent",
    (hall) => {
      hall.access.memory.at(CONTROL).reachable = false;
    },
    "every site's ledger and topic answers",
    /no ledger of eu-west-1/,
  ],
  [
    "the standby's region is down",
    (hall) => void hall.access.databases.lost.add(STANDBY),
    "RDS of both regions answers, both databases are available",
    /available, silent/,
  ],
  [
    "the standby is being changed",
    (hall) => {
      const db = hall.access.databases.all.get(`${STANDBY}/acme-db-standby`);
      if (db) db.status = "storage-full";
    },
    "RDS of both regions answers, both databases are available",
    /available, storage-full/,
  ],
  [
    "it is bad at the last look",
    (hall) =>
      hall.access.sees(STANDBY, "acme", {
        incident: { ...WELL.incident, lastGoodAt: at(-3) } as typeof WELL.incident,
      }),
    "it is up, and was looked at a moment ago",
    /unknown/,
  ],
  [
    "nobody has looked for long",
    (hall) => void hall.access.clock.wait(3600),
    "it is up, and was looked at a moment ago",
    /up, 1h/,
  ],
  [
    "its page does not answer here",
    (hall) => {
      hall.complaint = "no connection in 3 s";
    },
    "its page answers this machine",
    /no connection/,
  ],
  [
    "its standby has stopped streaming",
    (hall) => hall.access.sees(STANDBY, "acme", { lastSeen: { streaming: false } }),
    "its standby streams, within its RPO",
    /not-streaming/,
  ],
  [
    "its standby is behind",
    (hall) =>
      hall.access.sees(STANDBY, "acme", {
        beats: { ...WELL.beats, standby: { at: at(-20), sequence: 1 } },
      }),
    "its standby streams, within its RPO",
    /20m/,
  ],
  [
    "a neighbour has an incident",
    (hall) => hall.access.sees(CONTROL, "dale", { incident: down() }),
    "no incident is open, nobody is failed over",
    /incident of dale/,
  ],
  [
    "a failover is under way",
    (hall) => {
      const by = `arn:aws:states:${STANDBY}:111111111111:execution:sla-failover:fo-acme-e1-9`;
      hall.access.running.add(by);
      hall.access.memory.at(STANDBY).put("locks/acme.json", { state: "held", by, until: at(60) });
    },
    "no incident is open, nobody is failed over",
    /failover of acme/,
  ],
  [
    "a fence is owed",
    (hall) =>
      inLedgers(hall, "debts/acme/fence.json", {
        state: "owed",
        kind: "fence",
        instance: "acme",
        incident: "i1",
        because: "region lost",
        region: HOME,
        database: "acme-db",
        since: at(-9),
        epoch: 1,
        execution: "arn:x",
      }),
    "nothing is owed and nobody is needed",
    /owed: fence/,
  ],
  [
    "maintenance is announced",
    (hall) => inLedgers(hall, "maintenance/w1.json", window(10, 40)),
    "no maintenance is announced meanwhile",
    /w1 from/,
  ],
  [
    "a backup was promised and none is there",
    (hall) => backed(hall, {}),
    "there are backups to go back to",
    /in 0 of 0 places/,
  ],
  [
    "no restore was ever proven",
    (hall) => backed(hall, {}),
    "one of them was restored and proven lately",
    /never; every 1mo/,
  ],
  [
    "RDS keeps no backups",
    (hall) => {
      hall.primary.retentionDays = 0;
    },
    "there are backups to go back to",
    /of 0 days/,
  ],
  [
    "sla check --live finds something broken",
    (hall) => {
      hall.report.findings = [
        ACME.broken({ of: "record", says: "leads elsewhere", mend: "npx sla adopt acme" }),
      ];
    },
    "the account is as sla check --live wants it",
    /acme: leads elsewhere/,
  ],
  [
    "sla check --live could not look",
    (hall) => {
      hall.report.unlooked = [{ area: "TLS", about: "acme", why: "no answer" }];
    },
    "the account is as sla check --live wants it",
    /TLS of acme: not looked at/,
  ],
];

test.each(ROWS)("it is refused where %s", async (_, trouble, name, found) => {
  const catches = await refused(trouble);
  expect(catches.map((each) => each.name)).toContain(name);
  expect(catches.find((each) => each.name === name)?.found).toMatch(found);
});

describe("it is refused as well", () => {
  it("where the fleet file does not name it", async () => {
    const [first] = await refused(() => {}, new Hall("fails over", {}));
    expect(first).toMatchObject({ name: "the fleet file allows it", ok: false });
  });

  it("where a person would have to approve", async () => {
    const hall = new Hall("fails over", { gameDay: true, failover: "approval" });
    expect((await refused(() => {}, hall)).map(({ name }) => name)).toEqual([
      "it recovers by itself",
    ]);
  });

  it("soon after a failover, and while nobody stands by", async () => {
    const names = (
      await refused((hall) => {
        const acme = hall.access.memory.at(HOME).peek<Roles>("roles/acme.json");
        if (acme)
          inLedgers(hall, "roles/acme.json", promotedRoles(acme, CONTROL, at(-1), "a failover"));
      })
    ).map(({ name }) => name);
    expect(names).toContain("its last failover is long enough ago");
    expect(names).toContain("RDS of both regions answers, both databases are available");
  });
});

it("goes on in spite of what is a risk only, of maintenance later or of others", async () => {
  expect(
    await refused((hall) => {
      hall.report.findings = [ACME.risk({ of: "record", says: "has no check" })];
      inLedgers(hall, "maintenance/w1.json", window(31, 60));
    }),
  ).toEqual([]);
});

it("says the command that tags, in one piece", async () => {
  const [bare] = await refused(({ tags }) => tags.delete(HOME));
  expect(bare?.mend).toBe(
    "aws --region eu-central-2 rds add-tags-to-resource --resource-name arn:aws:rds:eu-central-2:111111111111:db:acme-db --tags Key=sla:game-day,Value=acme",
  );
});
