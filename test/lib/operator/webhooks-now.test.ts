import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outgoing } from "../../../functions/webhook/contract.ts";
import { noneStuck } from "../../../functions/webhook/outbox.ts";
import { failureOf } from "../../../functions/webhook/stuck.ts";
import { fleetStatus } from "../../../lib/operator/fleet-status.ts";
import { gather } from "../../../lib/operator/gather.ts";
import { statusLines } from "../../../lib/operator/status-lines.ts";
import { providersPage } from "../../../lib/operator/status-page.ts";
import { hooksIn, webhooksNow } from "../../../lib/operator/webhooks-now.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";
import { Bureau, CONTROL, HOME, NOW, STANDBY } from "../../fakes/operator-access.ts";

const hook = (name: string) => ({ name, url: `https://${name}.example/`, secret: `sla/${name}` });

class Desk extends Bureau {
  override readonly fleet: Fleet = (({ fleet }) => ({
    ...fleet,
    provider: { ...fleet.provider, webhooks: [hook("pager"), hook("chat")] },
  }))(new Bureau());
}

const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

function outgoing(id: string, minutes: number, changes: Partial<Outgoing> = {}): Outgoing {
  const since = ago(minutes);
  return {
    ...{ webhook: "pager", state: "waiting", attempts: 0, place: 0, since, dueAt: since },
    event: {
      ...{ version: 1, id, type: "incident-opened", severity: "critical" },
      ...{ title: "incident opened", at: since, site: STANDBY, instance: "acme", incident: "i1" },
      lines: ["acme is down."],
    },
    ...changes,
  };
}

function put(ledger: MemoryLedger, each: Outgoing, writtenAt?: string): void {
  const key = `hooks/${each.webhook}/${each.since.slice(0, 10)}/${each.event.id}.json`;
  ledger.put(key, each, writtenAt);
}

const failed = (status: number, minutes: number) => ({
  attempts: 4,
  last: { ok: false, status, said: "down", at: ago(minutes) },
});
const statusOf = async (desk: Bureau) => fleetStatus(desk.fleet, await gather(desk));
const textOf = async (desk: Bureau) =>
  statusLines(await statusOf(desk), false)
    .join(" ")
    .replaceAll(/\s+/g, " ");

describe("sla status of webhooks", () => {
  it("needs nobody while all is taken, or waits for less than a quarter of an hour", async () => {
    const desk = new Desk();
    put(desk.memory.at(STANDBY), outgoing("a", 300, { state: "delivered", attempts: 1 }));
    put(desk.memory.at(STANDBY), outgoing("b", 14, failed(503, 1)));
    const status = await statusOf(desk);
    expect(status.ok).toBe(true);
    expect(status.webhooks).toMatchObject([
      { webhook: "pager", stuck: false, waiting: 1, givenUp: 0, unread: 0 },
      { webhook: "chat", stuck: false, waiting: 0, givenUp: 0, unread: 0 },
    ]);
    expect(statusLines(status, false).join("\n")).not.toContain("webhook");
  });

  it("says of which ledger's events none is taken: how many, for how long, why, what to type", async () => {
    const desk = new Desk();
    put(desk.memory.at(STANDBY), outgoing("a", 20, failed(503, 9)));
    put(desk.memory.at(CONTROL), outgoing("b", 47, failed(403, 2)));
    put(desk.memory.at(HOME), outgoing("c", 1500, { ...failed(500, 60), state: "given-up" }));
    const status = await statusOf(desk);
    expect(status).toMatchObject({
      ok: false,
      webhooks: [
        {
          ...{ webhook: "pager", stuck: true, waiting: 2, givenUp: 1 },
          oldest: {
            id: "b",
            instance: "acme",
            ageSeconds: expect.closeTo(47 * 60, 0),
            attempts: 4,
          },
          failure: { is: "refused", status: 403, said: "down", at: ago(2) },
        },
        { webhook: "chat", stuck: false },
      ],
    });
    expect(await textOf(desk)).toContain(
      "webhook pager: 2 wait, the oldest for 47m (acme: incident opened), 1 given up; last: refused (HTTP 403, down): sla webhook list pager",
    );
    expect(statusLines(status, false).filter((line) => line.length > 80)).toEqual([]);
  });

  it("sees that the function which sends does not run: nothing was tried", async () => {
    const desk = new Desk();
    put(desk.memory.at(STANDBY), outgoing("a", 47));
    expect(await textOf(desk)).toContain("last: not tried yet: sla webhook list pager");
  });

  it("says nothing of what the fleet does not name any more", async () => {
    const bureau = new Bureau();
    put(bureau.memory.at(STANDBY), outgoing("a", 47));
    expect(await statusOf(bureau)).toMatchObject({ ok: true, webhooks: [] });
  });

  it("is on the provider's own page, escaped", async () => {
    const desk = new Desk();
    const last = { ok: false, said: "<script>", at: ago(1) };
    put(desk.memory.at(STANDBY), outgoing("a", 47, { attempts: 3, last }));
    const page = await providersPage(desk);
    expect(page).toContain("<bdi>pager</bdi>: <strong>stuck</strong>: <bdi>1 waits, the oldest");
    expect(page).toContain("no response (&lt;script&gt;)");
    expect(page).toContain("<bdi>chat</bdi>: <bdi>all was taken</bdi>");
    expect(await providersPage(new Bureau())).not.toContain("Webhooks");
  });
});

describe("what it costs to look", () => {
  it("is three lists and at most 500 reads of a webhook: what was tried last, first", async () => {
    const desk = new Desk();
    const ledger = new MemoryLedger(STANDBY);
    for (let n = 0; n < 700; n += 1)
      put(ledger, outgoing(`d${n}`, 2000 - n, { state: "delivered" }), ago(2000 - n));
    put(ledger, outgoing("stuck", 2100, { ...failed(500, 3), state: "given-up" }), ago(3));
    const shelves = await hooksIn(ledger, desk.fleet, desk.clock.now());
    expect(ledger.requests).toEqual({ put: 0, get: 500, list: 6 });
    expect(webhooksNow(desk.fleet, shelves, desk.clock.now(), desk.clock)[0]).toMatchObject({
      ...{ givenUp: 1, stuck: true, unread: 201 },
    });
  });

  it("is nothing without webhooks", async () => {
    const bureau = new Bureau();
    const ledger = new MemoryLedger(STANDBY);
    expect(await hooksIn(ledger, bureau.fleet, bureau.clock.now())).toEqual([]);
    expect(ledger.calls).toBe(0);
  });
});

describe("status and alarm", () => {
  it("agree on whether a webhook is stuck, whatever lies there", async () => {
    const each = fc.record({
      minutes: fc.integer({ min: 0, max: 4000 }),
      state: fc.constantFrom("waiting", "delivered", "given-up", "renewed"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(each, { maxLength: 6 }), async (found) => {
        const desk = new Desk();
        const events = found.map(({ minutes, state }, n) =>
          outgoing(`e${n}`, minutes, { state } as Partial<Outgoing>),
        );
        const shelves = [{ webhook: "pager", events, unread: 0 }];
        const box = { recent: async (name: string) => (name === "pager" ? events : []) };
        const isWell = await noneStuck(desk.fleet, box, desk.clock).then(
          () => true,
          () => false,
        );
        const [pager] = webhooksNow(desk.fleet, shelves, desk.clock.now(), desk.clock);
        expect(pager?.stuck).toBe(!isWell);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [undefined, "not-tried"],
    [{}, "no-response"],
    [{ status: 302 }, "redirected"],
    [{ status: 404 }, "refused"],
    [{ status: 500 }, "failing"],
  ] as const)("%o is %s", (last, is) => {
    expect(failureOf(last)).toBe(is);
  });
});
