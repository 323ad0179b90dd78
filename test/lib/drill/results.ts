import type { DrillResult, Recovery, TimelineEntry } from "../../../lib/drill/result.ts";

const FAULT_AT = Date.parse("2026-11-21T21:00:00.000Z");

/** An entry so many milliseconds after the fault. */
export const entry = (ms: number, step: string, detail: string): TimelineEntry => ({
  at: new Date(FAULT_AT + ms).toISOString(),
  step,
  detail,
});

const HOME = "acme-db.1vtqb3ofq4rj.eu-central-2.rds.amazonaws.com";
const STANDBY = "acme-db-standby.1cyj67qoo6eq.eu-central-1.rds.amazonaws.com";

/** A failover that kept its promise, with what the test wants different. */
export const failover = (different: Partial<DrillResult> = {}): DrillResult => ({
  instance: "acme",
  plan: "mintsys",
  fault: "kill",
  without: [],
  pace: 60,
  ok: true,
  expected: "failover",
  checks: [{ name: "the standby was promoted", ok: true, found: "yes" }],
  timeline: [
    entry(0, "fault", "acme: the primary's database is killed (SIGKILL)"),
    entry(3000, "workflow", "Begin"),
    entry(3500, "workflow", "Fence"),
    entry(4000, "workflow", "Promote"),
    entry(4400, "workflow", "Roles"),
    entry(4600, "dns", `db.acme.example.ch → ${STANDBY}`),
    entry(5000, "service", "first write acknowledged by acme-db-standby"),
    entry(6000, "workflow", "Record"),
  ],
  promised: { rtoSeconds: 1800, rpoSeconds: 300 },
  deadlineSeconds: 30,
  measured: {
    rtoSeconds: 5,
    rpoSeconds: 0,
    waitsSeconds: 4.75,
    undivided: { noticeSeconds: 225, ttlSeconds: 60 },
    overheadSeconds: 0.25,
    observedSeconds: 6,
  },
  writes: { acknowledged: 600, lost: 0, acknowledgedByOldPrimaryAfterPromotion: 0, ghosts: 0 },
  dns: { before: HOME, after: STANDBY, flippedBy: "api", neighboursMoved: 0 },
  promoted: true,
  fence: "quarantined",
  halt: null,
  mails: [
    {
      at: entry(600, "", "").at,
      to: "ops@mintsys.example",
      subject: "[sla] acme: incident opened",
    },
  ],
  debts: [],
  machine: { cores: 2, busyPercent: 60, stolenPercent: 1 },
  bundles: [
    { function: "eu-central-1/sla-probe", sha256: "ab12", equal: true },
    { function: "eu-west-1/sla-probe", sha256: "ab12", equal: true },
  ],
  ...different,
});

/** The same on what the CDK had deployed. */
export const deployed = (): DrillResult =>
  failover({
    deployment: {
      by: "aws-cdk 2.1148.1",
      stacks: ["Sla-eu-central-1", "Sla-eu-central-2", "SlaPages-eu-west-1"],
      bootstrapSeconds: 19.68,
      deploySeconds: 125.16,
    },
  });

/** Route 53's API was gone: a flag led clients over. */
export const byFlag = (): DrillResult => {
  const { timeline, dns } = failover();
  const [fault, ...others] = timeline;
  return failover({
    without: ["route53"],
    timeline: [
      ...(fault ? [fault] : []),
      entry(5, "fault", "the API of route53 no longer answers, in any region"),
      ...others.filter(({ step }) => step !== "dns"),
      entry(4650, "dns", "STOP check: SECONDARY answers"),
    ],
    dns: { ...dns, flippedBy: "stop" },
    debts: ["debts/acme/records.json"],
  });
};

/** SNS was gone until the failover was recorded. */
export const withoutMail = (): DrillResult => {
  const { timeline } = failover();
  const [fault, ...others] = timeline;
  return failover({
    without: ["sns", "vantage:eu-south-1"],
    timeline: [
      ...(fault ? [fault] : []),
      entry(5, "fault", "the API of sns no longer answers, in any region"),
      entry(6, "fault", "the vantage eu-south-1 no longer answers"),
      entry(120, "server", "acme-db (eu-central-2): is killed"),
      ...others,
      entry(6100, "cloud", "the API of sns answers again"),
      entry(6400, "mail", "ops@mintsys.example: [sla] acme: incident opened"),
    ],
  });
};

/** An application died and its database lived: nothing to recover. */
export const alert = (different: Partial<DrillResult> = {}): DrillResult =>
  failover({
    fault: "app-down",
    expected: "alert",
    promoted: false,
    fence: "—",
    timeline: [entry(0, "fault", "acme: the application dies, its database lives on")],
    measured: {
      rtoSeconds: null,
      rpoSeconds: null,
      waitsSeconds: 4.75,
      undivided: { noticeSeconds: 225, ttlSeconds: 60 },
      overheadSeconds: null,
      observedSeconds: 30,
    },
    dns: { before: HOME, after: HOME, flippedBy: null, neighboursMoved: 0 },
    ...different,
  });

/** Up and down, always short of an incident. */
export const quiet = (): DrillResult =>
  alert({
    fault: "flap",
    expected: "nothing",
    mails: [],
    timeline: [entry(0, "fault", "acme: the application goes up and down")],
  });

/** A failover that had to stop, because the standby is behind. */
export const halted = (different: Partial<DrillResult> = {}): DrillResult =>
  alert({
    fault: "slow-standby",
    expected: "halt",
    halt: {
      code: "HaltBehind",
      command: "aws stepfunctions start-execution",
      mails: 2,
      rowsAtStake: 12,
    },
    timeline: [
      entry(0, "fault", "acme: the standby receives nothing, then the primary is killed"),
      entry(7800, "mail", "ops@mintsys.example: [sla] acme: incident opened"),
      entry(8000, "workflow", "Begin"),
      entry(9000, "failover", "workflow failed: HaltBehind promoting may lose 380 s"),
    ],
    ...different,
  });

/** Late, and halted on the way. */
export const broken = (): DrillResult =>
  failover({
    ok: false,
    checks: [
      { name: "the standby was promoted", ok: true, found: "yes" },
      { name: "RTO under 30.00 s", ok: false, found: "45.00 s" },
    ],
    timeline: [
      entry(0, "fault", "acme: the primary's database is killed (SIGKILL)"),
      entry(4000, "failover", "workflow failed: HaltProofRefused it refuses writes"),
    ],
    measured: {
      rtoSeconds: 45,
      rpoSeconds: 7,
      waitsSeconds: 4.75,
      undivided: { noticeSeconds: 225, ttlSeconds: 60 },
      overheadSeconds: 40.25,
      observedSeconds: 90,
    },
  });

/** The home region was lost with two instances, and came back with its databases. */
export const regionLost = (different: Partial<DrillResult> = {}): DrillResult => {
  const { timeline, ...one } = failover();
  const [, ...others] = timeline;
  const writes = {
    ...one.writes,
    acknowledgedByOldPrimaryAfterPromotion: 14,
    divergentExported: 14,
  };
  const lost = { ...one, writes, fence: "debt", fencePaidSeconds: 0.55 };
  return failover({
    ...{ fault: "region", writes, fence: "debt" },
    timeline: [
      entry(0, "fault", "acme: the whole home region is lost"),
      ...others,
      entry(9000, "cloud", "eu-central-2 is back, its APIs and its databases together"),
      entry(9550, "fence", "acme-db (eu-central-2) is fenced by eu-west-1; rows of its own: 14"),
    ],
    measured: { ...one.measured, observedSeconds: 10 },
    instances: [lost, { ...lost, instance: "birch", fencePaidSeconds: 0.7 }],
    ...different,
  });
};

const RESTORED = "acme-db-slar1.1vtqb3ofq4rj.eu-west-1.rds.amazonaws.com";

/** Home and standby were lost for good, and a person had a copy restored in a third site. */
export const recovered = (different: Partial<DrillResult> = {}): DrillResult =>
  failover({
    ...{ fault: "region-lost", expected: "recovery", fence: "debt" },
    timeline: [
      entry(0, "fault", "acme: home and standby are lost for good"),
      entry(34_000, "mail", "it@acme.example: [sla] acme: a person has to recover"),
      entry(34_200, "person", "npx sla recover acme --reason drill --allow-loss any"),
      entry(36_000, "workflow", "Admit"),
      entry(37_000, "workflow", "Restore"),
      entry(40_000, "workflow", "Fence"),
      entry(41_000, "workflow", "Gate"),
      entry(42_000, "workflow", "Roles"),
      entry(43_000, "dns", `db.acme.example.ch → ${RESTORED}`),
      entry(44_000, "service", "first write acknowledged by acme-db-slar1"),
      entry(45_000, "workflow", "Record"),
    ],
    promised: { rtoSeconds: 86_400, rpoSeconds: 86_400 },
    deadlineSeconds: 1440,
    measured: {
      ...{ rtoSeconds: 44.5, rpoSeconds: 21.5, waitsSeconds: 4.75, overheadSeconds: null },
      undivided: { noticeSeconds: 225, ttlSeconds: 60 },
      observedSeconds: 48,
    },
    writes: {
      acknowledged: 2600,
      lost: 1300,
      acknowledgedByOldPrimaryAfterPromotion: 0,
      ghosts: 0,
    },
    dns: { before: HOME, after: RESTORED, flippedBy: "api", neighboursMoved: 0 },
    recovery: RECOVERY,
    ...different,
  });

export const RECOVERY: Recovery = {
  command: "npx sla recover acme --reason drill --allow-loss any --even-if-alive",
  ...{ toldSeconds: 34, askedSeconds: 34.2 },
  ...{ database: "acme-db-slar1", region: "eu-west-1", app: "acme-3.elb.example" },
  ...{ from: "backup sla-acme-2026-11-21", at: "2026-11-21T20:59:38.000Z" },
  ...{ rows: 1300, rowsMissing: 0, epochs: [1, 2] },
  former: ["acme-db-standby (eu-central-1)", "acme-db (eu-central-2)"],
  gone: ["acme-db (eu-central-2)", "acme-db-standby (eu-central-1)"],
  untold: [],
  answers: [`${RESTORED}, acme-3.elb.example`],
};

/** A table was dropped, and a person went back to the second before. */
export const undone = (): DrillResult => {
  const at = "2026-11-21T20:59:59.000Z";
  const table = { name: "visits", before: 31, after: 38 };
  const { writes } = recovered();
  return recovered({
    fault: "bad-data",
    writes: { ...writes, lost: 0, givenUp: 410 },
    recovery: { ...RECOVERY, from: "logs", at, table },
  });
};

/** A failover, a new standby, and the planned way home. */
export const thereAndBack = (): DrillResult =>
  failover({
    timeline: [
      ...failover().timeline,
      entry(6100, "reprotect", "Begin"),
      entry(15_000, "reprotect", "workflow succeeded"),
      entry(15_100, "failback", "acme: a person plans the way home"),
      entry(16_700, "service", "first write acknowledged by acme-db-sla2"),
    ],
    failback: {
      ...{ rows: 1939, rpoRows: 0, seconds: 1.6, heldSeconds: 1.1, reprotectSeconds: 9.1 },
      ...{
        measuredAt: "0/183F310",
        epoch: 4,
        primary: "acme-db-sla2",
        homeApp: "acme-2.elb.example",
      },
      records: ["acme-db-sla2.1vtqb3ofq4rj.eu-central-2.rds.amazonaws.com", "acme-2.elb.example"],
    },
  });
