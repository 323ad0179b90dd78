import { describe, expect, it } from "vitest";
import { type Flag, flagPath } from "../../../functions/flag/contract.ts";
import { flagAnswers } from "../../../functions/flag/flag.ts";
import type { Clock } from "../../../functions/kernel/clock.ts";
import { keys } from "../../../functions/ledger/contract.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";

const TOKEN = "t".repeat(43);
const flag = (changes: Partial<Flag> = {}): Flag => ({
  id: "acme",
  token: TOKEN,
  state: "raised",
  since: "2026-03-02T10:00:00.000Z",
  by: "execution",
  ...changes,
});

const statusAt = async (rawPath: string, stored: Flag | undefined) => {
  const ledger = new MemoryLedger("eu-central-1");
  if (stored) ledger.put(keys.flag("acme"), stored);
  return (await flagAnswers(ledger, PATIENT)({ rawPath })).statusCode;
};

const PATIENT = { wait: () => new Promise<void>(() => undefined) };

describe("a STOP flag", () => {
  it.each<[string, string, Flag | undefined, number]>([
    ["raised, at its path", flagPath(flag()), flag(), 200],
    ["lowered", flagPath(flag()), flag({ state: "lowered" }), 404],
    ["that does not exist", flagPath(flag()), undefined, 404],
    ["raised, with another token", `/acme/${"u".repeat(43)}`, flag(), 404],
    ["raised, with the beginning of its token", `/acme/${TOKEN.slice(1)}`, flag(), 404],
    ["raised, without a token", "/acme", flag(), 404],
    ["raised, by a way round", `/../flags/acme/${TOKEN}`, flag(), 404],
    ["at the root", "/", flag(), 404],
  ])("%s", async (_, path, stored, status) => {
    expect(await statusAt(path, stored)).toBe(status);
  });

  it("fails with its ledger, so that a check sees it as lowered", async () => {
    const ledger = new MemoryLedger("eu-central-1");
    ledger.reachable = false;
    await expect(flagAnswers(ledger, PATIENT)({ rawPath: flagPath(flag()) })).rejects.toMatchObject(
      {
        code: "CloudUnreachable",
      },
    );
  });

  describe("that was seen raised", () => {
    const request = { rawPath: flagPath(flag()) };

    async function seenRaised(clock: Pick<Clock, "wait"> = PATIENT) {
      const ledger = new MemoryLedger("eu-central-1");
      ledger.put(keys.flag("acme"), flag());
      const answers = flagAnswers(ledger, clock);
      expect((await answers(request)).statusCode).toBe(200);
      return { ledger, answers };
    }

    it("stays raised while its ledger does not answer: DNS would lead back to the old primary", async () => {
      const { ledger, answers } = await seenRaised();
      ledger.reachable = false;
      expect((await answers(request)).statusCode).toBe(200);
    });

    it("is answered before a health checker hangs up, though the ledger hangs", async () => {
      const { ledger, answers } = await seenRaised({ wait: async () => undefined });
      ledger.read = () => new Promise(() => undefined);
      expect((await answers(request)).statusCode).toBe(200);
    });

    it("is lowered as soon as the ledger says so", async () => {
      const { ledger, answers } = await seenRaised();
      ledger.put(keys.flag("acme"), flag({ state: "lowered" }));
      expect((await answers(request)).statusCode).toBe(404);
      ledger.reachable = false;
      await expect(answers(request)).rejects.toMatchObject({ code: "CloudUnreachable" });
    });
  });
});
