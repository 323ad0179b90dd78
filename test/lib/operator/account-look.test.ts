import { expect, it } from "vitest";
import type { LiveRecord } from "../../../functions/live/contract.ts";
import { fleetStatus } from "../../../lib/operator/fleet-status.ts";
import { gather } from "../../../lib/operator/gather.ts";
import { statusLines } from "../../../lib/operator/status-lines.ts";
import { Bureau, CONTROL, HOME } from "../../fakes/operator-access.ts";

const finding = (weight: "broken" | "risk", of = "protection"): LiveRecord["findings"][number] => ({
  ...{ weight, area: "databases", about: "acme", of, says: `${of} is off` },
  ...{ mend: `aws rds modify-db-instance --${of}`, since: "2026-11-20T04:25:00.000Z" },
});

async function recorded(changes: Partial<LiveRecord>, region = CONTROL) {
  const bureau = new Bureau();
  const record: LiveRecord = {
    ...{ at: "2026-11-21T04:25:00.000Z", fleet: "fleet/1.json", findings: [], unlooked: [] },
    tls: { acme: { at: "2026-11-21T04:25:00.000Z", grade: "A", because: [] } },
    ...changes,
  };
  bureau.memory.at(region).put(`live/${region}.json`, record);
  return fleetStatus(bureau.fleet, await gather(bureau));
}
const saidOf = (status: Awaited<ReturnType<typeof recorded>>) => statusLines(status, false);

it("an account that is as it has to be is no line of the status, and part of its JSON", async () => {
  const status = await recorded({});
  expect(status).toMatchObject({ ok: true, account: { stale: false, tls: { acme: {} } } });
  expect(saidOf(status).join("\n")).not.toContain("account");
});

it("what is broken needs a person, with the command that mends it; a risk is counted", async () => {
  const status = await recorded({ findings: [finding("risk", "class"), finding("broken")] });
  const lines = saidOf(status);
  expect(lines).toContain("→ acme: protection is off");
  expect(lines).toContain("  aws rds modify-db-instance --protection");
  expect(lines).toContain("→ account: 1 risk: npx sla check --live");
  expect(lines.at(-1)).toBe("something needs a person");
  expect((await recorded({ findings: [finding("risk")] })).ok).toBe(true);
});

it("a thousand findings are ten lines, and how many more", async () => {
  const findings = Array.from({ length: 1000 }, (_, at) => finding("broken", `p${at}`));
  const lines = saidOf(await recorded({ findings }));
  expect(lines.filter((line) => line.endsWith(" is off"))).toHaveLength(10);
  expect(lines).toContain("→ account: 990 more: --json");
});

it.each([
  ["two days ago", "2026-11-19T10:00:46.000Z", false],
  ["longer ago", "2026-11-19T10:00:44.000Z", true],
])("a look %s is stale: %s, %s", async (_when, at, stale) => {
  const status = await recorded({ at });
  expect([status.account?.stale, status.ok]).toEqual([stale, !stale]);
  const said = saidOf(status).join("\n").includes("nobody has looked since");
  expect(said).toBe(stale);
});

it("a record of a region that was control once is nobody's look", async () => {
  expect((await recorded({ findings: [finding("broken")] }, HOME)).account).toBe(undefined);
});
