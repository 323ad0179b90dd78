import { describe, expect, it } from "vitest";
import { planReprotect } from "../../../lib/operator/reprotect.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import { Bureau, CONTROL, down, HOME, STANDBY } from "../../fakes/operator-access.ts";

const WISH = { reason: "the quota is raised" };

function instanceOf(bureau: Bureau, id: string): Instance {
  const found = bureau.fleet.instances.find((each) => each.id === id);
  if (!found) throw new Error(id);
  return found;
}

function failedOver(): Bureau {
  const bureau = new Bureau();
  bureau.failedOver();
  return bureau;
}

describe("a new standby by hand", () => {
  it("is begun where the instance is owned, for the epoch of now, under a name of its own", async () => {
    const bureau = failedOver();
    const plan = await planReprotect(bureau, instanceOf(bureau, "acme"), WISH);
    expect(plan).toMatchObject({
      region: CONTROL,
      name: expect.stringMatching(/^rp-acme-e2-p\d{17}$/),
      request: { instance: "acme", epoch: 2, trigger: "person", reason: "the quota is raised" },
      seat: { region: HOME, database: "acme-db-sla2" },
    });
  });

  it("is begun elsewhere if the owner does not answer", async () => {
    const bureau = failedOver();
    bureau.memory.cutOff(CONTROL);
    const { region } = await planReprotect(bureau, instanceOf(bureau, "acme"), WISH);
    expect([HOME, STANDBY]).toContain(region);
  });

  it("hands on which network it gets where nobody can tell", async () => {
    const bureau = failedOver();
    const wish = { ...WISH, subnetGroup: "private", kmsKey: "arn:aws:kms:key/1" };
    const { request } = await planReprotect(bureau, instanceOf(bureau, "acme"), wish);
    expect(request).toMatchObject({ subnetGroup: "private", kmsKey: "arn:aws:kms:key/1" });
  });

  it("is not begun while somebody stands by", async () => {
    const bureau = new Bureau();
    await expect(planReprotect(bureau, instanceOf(bureau, "acme"), WISH)).rejects.toMatchObject({
      exitCode: 1,
      message: "acme: acme-db-standby in eu-central-1 stands by already; see sla status",
    });
  });

  it("is begun for whoever stands by no more, where failovers see it", async () => {
    const bureau = new Bureau();
    bureau.sees(STANDBY, "acme", { lastSeen: { streaming: false } });
    const wish = { ...WISH, drop: "unless-streaming" } as const;
    expect(await planReprotect(bureau, instanceOf(bureau, "acme"), wish)).toMatchObject({
      region: STANDBY,
      name: expect.stringMatching(/^rp-acme-e1-drop-p\d{17}$/),
      request: { epoch: 1, trigger: "person", drop: {} },
      seat: { region: STANDBY, database: "acme-db-standby-sla2" },
    });
    bureau.memory.cutOff(STANDBY);
    await expect(planReprotect(bureau, instanceOf(bureau, "acme"), wish)).rejects.toThrow(
      "its owner eu-central-1 does not answer",
    );
  });

  it("gives up no standby that streams, unless told so", async () => {
    const bureau = new Bureau();
    const plan = (drop: "unless-streaming" | "even-if-streaming") =>
      planReprotect(bureau, instanceOf(bureau, "acme"), { ...WISH, drop });
    await expect(plan("unless-streaming")).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining("--even-if-streaming"),
    });
    expect((await plan("even-if-streaming")).request.drop).toEqual({ evenIfStreaming: true });
  });

  it.each([
    ["nobody stands by", (bureau: Bureau) => bureau.failedOver()],
    ["an incident is open", (bureau: Bureau) => bureau.sees(STANDBY, "acme", { incident: down() })],
  ])("gives up none while %s", async (words, change) => {
    const bureau = new Bureau();
    change(bureau);
    const wish = { ...WISH, drop: "even-if-streaming" } as const;
    await expect(planReprotect(bureau, instanceOf(bureau, "acme"), wish)).rejects.toThrow(words);
  });

  it("is not begun for an instance that was sold without one", async () => {
    const bureau = new Bureau();
    await expect(planReprotect(bureau, instanceOf(bureau, "dale"), WISH)).rejects.toMatchObject({
      exitCode: 2,
    });
  });

  it.each(["sla-failover:fo-1", "sla-reprotect:rp-1"])(
    "is not begun while %s is at work",
    async (name) => {
      const bureau = failedOver();
      const by = `arn:aws:states:${CONTROL}:111111111111:execution:${name}`;
      bureau.running.add(by);
      const lock = { state: "held", by, until: "2026-11-21T11:00:00.000Z" };
      bureau.memory.at(CONTROL).put("locks/acme.json", lock);
      await expect(planReprotect(bureau, instanceOf(bureau, "acme"), WISH)).rejects.toMatchObject({
        exitCode: 1,
        message: expect.stringContaining("is running"),
      });
    },
  );
});
