import { describe, expect, it } from "vitest";
import type { NotifyRequest } from "../../../functions/notify/contract.ts";
import { someAnswered, ticketPass } from "../../../functions/support/pass.ts";
import { CONTROL, MIRROR, SupportDesk } from "./desk.ts";

/** A ticket of acme's that is due at 09:00, and what the provider has heard. */
async function office() {
  const desk = new SupportDesk();
  await desk.say("HD-1", desk.opened);
  const requests: NotifyRequest[] = [];
  const messenger = {
    notify: async (request: NotifyRequest) => {
      requests.push(request);
    },
  };
  const pass = ticketPass({ ...desk, messenger });
  const heard = () =>
    requests.flatMap(({ notices }) => notices.map(({ kind, instance }) => `${kind} ${instance}`));
  return { desk, pass, messenger, heard, requests };
}

describe("a look at the tickets", () => {
  it("warns once before a reply is missed, and says once that it was", async () => {
    const { desk, pass, heard, requests } = await office();
    for (const time of ["08:29", "08:30", "08:31", "09:00", "09:01", "09:02"]) {
      await desk.at(time);
      await pass();
      if (time === "08:29") expect(heard()).toEqual([]);
      if (time === "09:00") expect(heard()).toEqual(["reply-due acme"]);
    }
    expect(heard()).toEqual(["reply-due acme", "reply-missed acme"]);
    const lines = requests.flatMap(({ notices }) => notices.flatMap((notice) => notice.lines));
    expect(lines).toContain(
      "A first reply is promised until 2026-06-02T09:00:00.000Z; an automatic one is none.",
    );
    expect(lines).toContain("Runbook: docs/runbook.md#reply-missed");
  });

  it("is not stilled by a machine's answer, but by a person's", async () => {
    const { desk, pass, heard } = await office();
    await desk.say("HD-1", { kind: "acknowledged" });
    await desk.at("08:30");
    await pass();
    expect(heard()).toEqual(["reply-due acme"]);
    await desk.say("HD-1", { kind: "replied" });
    await desk.at("10:00");
    await pass();
    expect(heard()).toEqual(["reply-due acme"]);
  });

  it("warns again when another instant has become the one that counts", async () => {
    const { desk, pass, heard } = await office();
    await desk.at("08:30");
    await pass();
    const less = { kind: "prioritised", reason: "one of them" } as const;
    await desk.say("HD-1", { ...less, priority: 4, isPaged: false });
    for (const instant of ["2026-06-03T11:29Z", "2026-06-03T11:30Z", "2026-06-03T11:31Z"]) {
      await desk.clock.until(new Date(instant));
      await pass();
    }
    expect(heard()).toEqual(["reply-due acme", "reply-due acme"]);
  });

  it("remembers nothing that it could not tell", async () => {
    const { desk, messenger, heard, pass } = await office();
    await desk.at("08:30");
    const failing = ticketPass({
      ...desk,
      messenger: { notify: () => Promise.reject(new Error("no notify")) },
    });
    await expect(failing()).rejects.toThrow("no notify");
    await pass();
    expect(heard()).toEqual(["reply-due acme"]);
    await ticketPass({ ...desk, messenger })();
    expect(heard()).toHaveLength(1);
  });

  it("gives each ledger what it has missed, and goes on with one of them", async () => {
    const { desk, pass, heard } = await office();
    desk.memory.cutOff(CONTROL);
    await desk.say("HD-2", desk.opened);
    await desk.at("08:30");
    expect(await pass()).toMatchObject({ silent: [CONTROL], tickets: 2 });
    expect(heard()).toEqual(["reply-due acme", "reply-due acme"]);
    desk.memory.restore(CONTROL);
    expect(await pass()).toMatchObject({ silent: [], told: [], healed: 3 });
    const copies = [CONTROL, MIRROR].map((region) =>
      desk.memory.at(region).peek("tickets/acme/HD-2.json"),
    );
    expect(copies[0]).toEqual(copies[1]);
    expect(await pass()).toMatchObject({ healed: 0 });
  });

  it("is a failure only where no ledger answers", async () => {
    const { desk, pass } = await office();
    desk.memory.cutOff(CONTROL);
    expect(someAnswered(await pass(), 2).silent).toEqual([CONTROL]);
    desk.memory.cutOff(MIRROR);
    const report = await pass();
    expect(() => someAnswered(report, 2)).toThrow("no ledger that keeps tickets answers");
  });
});
