import { describe, expect, test } from "vitest";
import { judge } from "../../../lib/drill/judge.ts";
import { rowsBefore } from "../../../lib/drill/recovery.ts";
import { recoveryChecks } from "../../../lib/drill/recovery-checks.ts";
import type { Recovery } from "../../../lib/drill/result.ts";
import { RECOVERY, recovered } from "./results.ts";

const unmet = (changes: Partial<Recovery>) =>
  recoveryChecks({ ...RECOVERY, ...changes })
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);

const TOLD = "people were told before one of them acted";
const PRIMARY = "the restored database is the primary, one epoch on";
const FORMER = "primary and standby are both of before";
const CONTACTS = "its own contacts were told as well that it is done";
const DNS = "every name server leads to it";
const ROWS = "every row written up to the restored instant is there";
const TABLE = "the rows of the dropped table visits are back";
const visits = (before: number, after: number | null) => ({
  table: { name: "visits", before, after },
});

describe("of a recovery by hand", () => {
  test.for<[string, Partial<Recovery>, readonly string[]]>([
    ["one that went well holds", {}, []],
    ["nobody was told", { toldSeconds: null, askedSeconds: null }, [TOLD]],
    ["nobody acted", { askedSeconds: null }, [TOLD]],
    ["somebody acted without being told", { toldSeconds: 40 }, [TOLD]],
    ["the roles stayed", { epochs: [1, 1] }, [PRIMARY]],
    ["somebody else took over as well", { epochs: [1, 3] }, [PRIMARY]],
    ["it stopped", { failure: "HaltNoBackup" }, [PRIMARY]],
    ["the standby was forgotten", { former: ["acme-db (eu-central-2)"] }, [FORMER]],
    ["a customer was not told", { untold: ["it@acme.example"] }, [CONTACTS]],
    [
      "a name server was not told",
      { answers: [...RECOVERY.answers, "acme-db.x, acme-2.elb.example"] },
      [DNS],
    ],
    ["all lead to another", { answers: ["acme-db-slar10.x, acme-3.elb.example"] }, [DNS]],
    ["the application stayed behind", { answers: ["acme-db-slar1.x, acme-2.elb.example"] }, [DNS]],
    [
      "where the application has no place its name stays",
      { app: null, answers: ["acme-db-slar1.x, acme-2.elb.example"] },
      [],
    ],
    ["nobody answers", { answers: [] }, [DNS]],
    ["a row is missing", { rowsMissing: 1 }, [ROWS]],
    ["no row proves nothing", { rows: 0 }, [ROWS]],
    ["the table has counted further", visits(31, 38), []],
    ["the table began anew", visits(31, 2), [TABLE]],
    ["the table is gone", visits(31, null), [TABLE]],
    ["an empty table proves nothing", visits(0, 0), [TABLE]],
  ])("%s", ([, changes, names]) => {
    expect(unmet(changes)).toEqual(names);
  });

  test("its checks are among those of the run", () => {
    const { measured, writes, dns, mails, bundles } = recovered();
    const checks = judge({
      ...{ expected: "recovery", deadlineSeconds: 1440, rpoLimitSeconds: 1440 },
      ...{ measured, writes, dns, bundles, promoted: true, recorded: true },
      mails: mails.map((mail) => ({ ...mail, subject: "[sla] acme: failover done" })),
      ...{ halt: null, haltsAt: [], badVotes: 3, denials: [], without: [], debts: [], heldBack: 0 },
      ...{ transitions: 3, transitionsNotFromWatch: 0 },
      recovery: RECOVERY,
    });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["RTO under 1440.00 s", "RPO under 1440.00 s", TOLD, ROWS]),
    );
    expect(checks.map(({ name }) => name)).not.toContain("the standby was promoted");
  });
});

describe("rows of before an instant", () => {
  const at = (...times: readonly number[]) => times.map((time, id) => ({ id, at: time }));

  test("are those acknowledged before its millisecond", () => {
    expect(rowsBefore(at(998, 999, 1000, 1001), 1000)).toEqual([0, 1]);
  });

  test("are none where nothing was acknowledged by then", () => {
    expect(rowsBefore(at(1000), 1000)).toEqual([]);
  });
});
