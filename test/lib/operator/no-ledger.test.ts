import { expect, it } from "vitest";
import { acknowledge } from "../../../lib/operator/acknowledge.ts";
import { writeEverywhere } from "../../../lib/operator/everywhere.ts";
import { unendedGameDay } from "../../../lib/operator/game-day/now.ts";
import { incidentsOf } from "../../../lib/operator/incidents.ts";
import { lastTests } from "../../../lib/operator/restore-test.ts";
import { rolesOf } from "../../../lib/operator/roles-of.ts";
import { heldFor } from "../../../lib/operator/webhooks.ts";
import { knownWindows } from "../../../lib/operator/windows.ts";
import { instance } from "../../fakes/fleet.ts";
import { Bureau } from "../../fakes/operator-access.ts";

const acme = instance("acme");

it.each<[string, (cut: Bureau) => Promise<unknown>]>([
  ["who is primary", (cut) => rolesOf(cut, "acme")],
  ["windows of maintenance", (cut) => knownWindows(cut)],
  ["incidents", (cut) => incidentsOf(cut, acme)],
  ["what waits for a webhook", (cut) => heldFor(cut, "pager")],
  ["the last restore tests", (cut) => lastTests(cut, acme)],
  ["a game day", (cut) => unendedGameDay(cut, acme)],
  ["calls", (cut) => acknowledge(cut, { id: "i1", reason: "here" })],
  ["what is to be recorded", (cut) => writeEverywhere(cut, "maintenance/m1.json", {})],
])(
  "who asks all ledgers of %s and hears nothing is told where, why, and what to look at",
  async (_, ask) => {
    const cut = new Bureau();
    for (const site of Object.keys(cut.fleet.sites)) cut.memory.cutOff(site);
    await expect(ask(cut)).rejects.toMatchObject({
      ...{ name: "UserError", exitCode: 1 },
      message: expect.stringMatching(
        /^sites: no ledger answers in eu-central-2, eu-central-1, eu-west-1: .+; is the fleet deployed, and AWS_ENDPOINT_URL right\?$/,
      ),
    });
  },
);

it("an instance that no ledger knows is told from ledgers that are silent", async () => {
  await expect(rolesOf(new Bureau(), "heron")).rejects.toThrow(/heron: no site's ledger knows/);
});
