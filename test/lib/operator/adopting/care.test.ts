import { expect, it } from "vitest";
import { SlaError } from "../../../../functions/kernel/errors.ts";
import type { Ledger } from "../../../../functions/ledger/ledger.ts";
import { careBy } from "../../../../lib/operator/adopting/care.ts";
import { Bureau, HOME } from "../../../fakes/operator-access.ts";

/** The same office, in which one ledger answers every question so. */
function withLedger(site: string, failure: Error): Bureau {
  const bureau = new Bureau();
  const silent = {
    read: () => Promise.reject(failure),
    list: () => Promise.reject(failure),
  } as unknown as Ledger;
  const all = bureau.ledgers;
  Object.assign(bureau, { ledgers: (region: string) => (region === site ? silent : all(region)) });
  return bureau;
}

it("knows the roles that any ledger has, also before others are deployed", async () => {
  const missing = new SlaError("LedgerMissing", "operator", "no such bucket");
  expect((await careBy(new Bureau()).roles("acme"))?.instance).toBe("acme");
  expect((await careBy(withLedger(HOME, missing)).roles("acme"))?.instance).toBe("acme");
  expect(await careBy(new Bureau()).roles("nobody")).toBe(undefined);
});

it("does not take a silent ledger for one that knows nothing", async () => {
  const silent = new SlaError("CloudUnreachable", "cloud", "no answer");
  await expect(careBy(withLedger(HOME, silent)).roles("acme")).rejects.toThrow("no answer");
});

it("asks again where no ledger answers, as of any cloud that is silent", async () => {
  const silent = new SlaError("CloudUnreachable", "cloud", "no answer");
  const bureau = new Bureau();
  const none = { read: () => Promise.reject(silent), list: () => Promise.reject(silent) };
  Object.assign(bureau, { ledgers: () => none as unknown as Ledger });
  await expect(careBy(bureau).watched("acme")).rejects.toMatchObject({ code: "CloudUnreachable" });
});
