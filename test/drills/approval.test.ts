import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mailText } from "../../lib/drill/mail-text.ts";
import type { Stage } from "../../lib/drill/stage.ts";
import { everyVantageSawHealthy } from "../../lib/drill/witness.ts";
import { visit } from "./browser.ts";
import { drill, eventsOf, mailed, onStage, unmet } from "./rehearsal.ts";

const PACE = 30;
const OPS = "watch@harbour.example";

/** tern asks before it is failed over; half a minute here is long enough to read a mail. */
const asking = (harbour: string) =>
  harbour
    .replace("contacts: [tern@", "failover: approval\n    contacts: [tern@")
    // Not what this is about: a machine that others use as well stands still for seconds.
    .replace("rpoSeconds: 5m, rtoSeconds: 23m", "rpoSeconds: 20m, rtoSeconds: 60m")
    .replace("multiAz:", "approval: { withinSeconds: 30m }\n    multiAz:");

let stage: Stage;
const directory = mkdtempSync(join(tmpdir(), "approval-"));
beforeAll(async () => {
  const fleet = join(directory, "fleet.yaml");
  writeFileSync(fleet, asking(readFileSync("test/fixtures/harbour-fleet.yaml", "utf8")));
  stage = await onStage(fleet, PACE);
  await everyVantageSawHealthy(stage, () => {});
}, 150_000);
afterAll(async () => {
  await stage?.close();
  rmSync(directory, { recursive: true });
});

/** The text of the newest mail to somebody with this in its subject. */
async function mailTo(recipient: string, subject: string): Promise<string> {
  const found = await mailed(stage, new RegExp(subject), recipient);
  return mailText(readFileSync(String(found["file"]), "latin1"));
}

const linkIn = (text: string, name: string) =>
  new RegExp(`${name}: (https://\\S+)`).exec(text)?.[1] ?? "";

/** The standby's retention is set before anything happens; the primary is changed by its fence only. */
const fences = () =>
  eventsOf(stage, "rds", "ModifyDBInstance").filter(
    ({ detail }) => detail["DBInstanceIdentifier"] === "tern-1",
  );

it("waits for the person who reads the mail, opens the page and presses the button", {
  timeout: 180_000,
}, async () => {
  const over = drill(stage, "kill", "tern");
  const mail = await mailTo(OPS, "APPROVE THE FAILOVER");
  const [approve, refuse] = [linkIn(mail, "approve"), linkIn(mail, "refuse")];
  expect(mail).toContain("Promoting the standby loses at most");
  expect(linkIn(await mailTo("tern@customer.example", "APPROVE THE FAILOVER"), "approve")).toBe("");

  // As a mail scanner does.
  for (const link of [approve, refuse]) {
    const page = await visit(stage, link);
    expect(page.status).toBe(200);
    expect(page.text).toContain('<form method="post">');
  }
  expect(fences()).toEqual([]);
  expect(eventsOf(stage, "rds", "PromoteReadReplica")).toEqual([]);

  const pressedAt = Date.now();
  const pressed = await visit(
    stage,
    approve,
    new URLSearchParams({ reason: "no power in Zürich" }),
  );
  expect(pressed.status).toBe(200);
  const late = await visit(stage, refuse, new URLSearchParams());
  expect(late.status).toBe(409);
  expect(late.text).toContain(`was approved by <b>${OPS}</b>`);

  const result = await over;
  expect(unmet(result)).toEqual([]);
  expect(result).toMatchObject({ ok: true, expected: "failover", promoted: true });
  const [fenced] = fences();
  expect(fenced?.at).toBeGreaterThan(pressedAt);
  // Woken, not waited for: half a minute of the plan would have been two seconds here.
  expect((fenced?.at ?? 0) - pressedAt).toBeLessThan(10_000);
  const done = await mailTo(OPS, "failover done");
  expect(done).toContain("tern-2 in eu-west-1 is the primary");
});
