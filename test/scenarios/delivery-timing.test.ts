import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { describe, expect, it } from "vitest";
import type { SftpDestination } from "../../lib/sla/fleet.ts";
import { DeliverWorldInMemory } from "../fakes/deliver-world.ts";

const TO: SftpDestination = {
  ...{ kind: "sftp", host: "backup.acme.example", port: 22, path: "/backups" },
  ...{ hostKey: [`SHA256:${"A".repeat(43)}`], secret: "acme/destination" },
  recipient: await identityToRecipient(await generateX25519Identity()),
};
const worldOf = (changes: Partial<SftpDestination>) =>
  new DeliverWorldInMemory({ ...TO, ...changes });

describe("what takes longer than an invocation", () => {
  /** A week of dumps that were missed, each of which takes so many seconds. */
  async function behind(seconds: number) {
    const world = worldOf({ every: "1d" });
    world.freeze();
    await world.look();
    for (let day = 0; day < 7; day += 1) {
      await world.later(24);
      world.freeze();
    }
    world.depot.takes = () => world.clock.wait(seconds);
    return world;
  }

  it("is gone on with by the next one at once, and none is begun that has no time left", async () => {
    const world = await behind(200);
    const first = await world.look();
    expect(first).toMatchObject({ unfinished: true });
    expect(first.sent.map(({ backup }) => backup)).toEqual(
      world.copies
        .slice(-3)
        .map(({ backup }) => backup)
        .toReversed(),
    );
    const rest = await world.look();
    expect(rest.sent).toHaveLength(3);
    expect(await world.look()).toMatchObject({ sent: [{ backup: world.copies[1]?.backup }] });
    expect(await world.look()).toMatchObject({ rests: "all is there" });
    expect(world.state()).not.toHaveProperty("unfinished");
    expect(world.kinds()).toEqual([]);
  });

  it("is no fault of a line that has carried one: it goes on, and nobody is told", async () => {
    const world = await behind(0);
    let dumps = 0;
    world.depot.takes = async () => {
      dumps += 1;
      if (dumps !== 2) return;
      world.end();
      await new Promise(() => {});
    };
    const report = await world.look();
    expect(report).toMatchObject({ sent: [{}], unfinished: true });
    expect(report).not.toHaveProperty("failure");
    expect(world.kinds()).toEqual([]);
    expect((await world.look()).sent).toHaveLength(6);
  });
});

describe("dumps that nobody makes any more", () => {
  it("are told when two have stayed away, without a customer's door being knocked at for it", async () => {
    const world = worldOf({ every: "6h" });
    world.freeze();
    await world.look();
    await world.later(24);
    expect(await world.look()).not.toHaveProperty("failure");
    await world.later(1);
    const opened = world.depot.opened;
    for (let hour = 0; hour < 23; hour += 1) {
      await world.look();
      await world.later(1);
    }
    expect(world.depot.opened - opened).toBe(0);
    await world.later(1);
    expect(await world.look()).toMatchObject({ failure: { code: "DumpsLate" } });
    expect(world.told).toMatchObject([{ kind: "delivery-troubled", occasion: "DumpsLate" }]);
    expect(world.told[0]?.lines.join("\n")).toContain("one every 6h is wanted");
    world.freeze();
    expect((await world.look()).sent).toHaveLength(1);
    expect(world.kinds()).toEqual(["delivery-troubled", "delivery-well"]);
  });

  it("are no news of a customer who has left, until that is taken back", async () => {
    const world = worldOf({ every: "6h" });
    world.freeze();
    await world.look();
    const left = { instance: "acme", at: "2026-11-22T07:00:00.000Z", reason: "moved", by: "ops" };
    world.ledger.put("left/acme.json", left);
    await world.later(200);
    expect(await world.look()).not.toHaveProperty("failure");
    world.ledger.put("left/acme.json", { ...left, undone: { at: left.at, by: "ops" } });
    await world.later(25);
    expect(await world.look()).toMatchObject({ failure: { code: "DumpsLate" } });
  });
});
