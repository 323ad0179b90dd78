import { describe, expect, it, test } from "vitest";
import { CONTROL, MIRROR } from "./desk.ts";
import { HelpdeskScene } from "./helpdesk-desk.ts";

const KEY = "tickets/acme/HD-1.json";

describe("a helpdesk", () => {
  it("opens a ticket, which then lies in both ledgers with what was promised", async () => {
    const scene = new HelpdeskScene();
    const { status, headers, said } = await scene.open({ subject: "https://desk.example/t/1" });
    expect([status, headers["location"]]).toEqual([201, "/tickets/HD-1"]);
    expect(said).toMatchObject({
      ...{ instance: "acme", id: "HD-1", title: "https://desk.example/t/1", priority: "P2" },
      ...{ standing: "waiting", due: "2026-06-02T09:00:00.000Z", silent: [] },
      events: [{ kind: "opened", by: "helpdesk desk-7" }],
    });
    for (const region of [CONTROL, MIRROR]) {
      expect(scene.memory.at(region).peek(KEY)).toMatchObject({ events: said.events });
    }
  });

  it("needs no subject: the ticket's own name is one", async () => {
    expect((await new HelpdeskScene().open()).said.title).toBe("HD-1");
  });

  it("stops the clock with a person's reply, and not with a machine's", async () => {
    const scene = new HelpdeskScene();
    await scene.open();
    await scene.at("07:10");
    const machine = await scene.reply({ id: "auto", kind: "automatic" });
    expect([machine.status, machine.said.standing]).toEqual([201, "waiting"]);
    await scene.at("07:20");
    const { status, said } = await scene.reply();
    expect([status, said.standing, said.replied]).toEqual([
      ...[201, "in-time", "2026-06-02T07:20:00.000Z"],
    ]);
  });

  it("makes a ticket more urgent from then on", async () => {
    const scene = new HelpdeskScene();
    await scene.open();
    await scene.at("07:10");
    const { status, said } = await scene.prioritise({ paging: true });
    expect([status, said.priority, said.due]).toEqual([201, "P1", "2026-06-02T07:40:00.000Z"]);
  });

  it("closes what was answered, and what was not only with a reason", async () => {
    const scene = new HelpdeskScene();
    await scene.open();
    const refused = await scene.close();
    expect([refused.status, refused.said.error.place]).toEqual([400, "reason"]);
    expect(refused.said.error.message).toMatch(/^reason: is missing: expected duplicate, merged/);
    const { status, said } = await scene.close({ reason: "duplicate" });
    expect([status, said.standing]).toEqual([201, "withdrawn"]);
  });

  it("is listed what is open, the one that is due next first, and one with all that happened", async () => {
    const scene = new HelpdeskScene();
    await scene.open({ priority: "P4" });
    await scene.open({ id: "HD-2" });
    await scene.open({ id: "HD-3" });
    await scene.ask("POST /tickets/{id}/close", { reason: "merged" }, { id: "HD-3" });
    const list = await scene.ask("GET /tickets", undefined, { query: { open: "" } });
    expect(list.said).toMatchObject({ tickets: [{ id: "HD-2" }, { id: "HD-1" }], more: 0 });
    expect(list.said.tickets[0]).not.toHaveProperty("events");
    expect(await scene.kinds()).toEqual(["opened"]);
    const all = await scene.ask("GET /tickets");
    expect([all.status, all.said.error.message]).toEqual([
      ...[400, "open: is missing: expected GET /tickets?open: those that are not closed"],
    ]);
  });

  it("goes on while one ledger is silent, which is named and healed later", async () => {
    const scene = new HelpdeskScene();
    scene.memory.cutOff(CONTROL);
    const { status, said } = await scene.open();
    expect([status, said.silent]).toEqual([201, [CONTROL]]);
    scene.memory.cutOff(MIRROR);
    await expect(scene.reply()).rejects.toMatchObject({ code: "CloudUnreachable" });
  });
});

describe("a repeat", () => {
  it("of anything changes nothing and answers 200 with the same ticket", async () => {
    const scene = new HelpdeskScene();
    const acts = [
      () => scene.open(),
      () => scene.prioritise(),
      () => scene.reply({ kind: "automatic", id: "a" }),
      () => scene.reply(),
      () => scene.close(),
    ];
    for (const act of acts) {
      const first = await act();
      const again = await act();
      await scene.clock.wait(1);
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.said).toEqual(first.said);
    }
    for (const act of acts) expect((await act()).status).toBe(200);
    expect(await scene.kinds()).toHaveLength(acts.length);
  });

  it("is known after months, when its time could not be recorded any more", async () => {
    const scene = new HelpdeskScene();
    const at = "2026-06-02T06:59:30Z";
    await scene.open({ at });
    await scene.clock.wait(90 * 86_400);
    expect((await scene.open({ at })).status).toBe(200);
    expect((await scene.open({ id: "HD-2", at })).status).toBe(400);
  });

  it("that comes twice at the same moment is recorded once", async () => {
    const scene = new HelpdeskScene();
    await scene.open();
    await Promise.all([scene.reply(), scene.reply(), scene.reply()]);
    expect(await scene.kinds()).toEqual(["opened", "replied"]);
  });

  it("of what somebody has typed is one too", async () => {
    const scene = new HelpdeskScene();
    await scene.say("HD-1", { ...scene.opened, title: "HD-1" });
    expect((await scene.open()).status).toBe(200);
    await scene.say("HD-1", { kind: "replied" });
    await scene.say("HD-1", { kind: "closed", reason: "it has been mended" });
    expect((await scene.close()).status).toBe(200);
    expect(await scene.kinds()).toEqual(["opened", "replied", "closed"]);
  });
});

describe("a conflict", () => {
  test.for<
    [
      string,
      (scene: HelpdeskScene) => Promise<{ status: number; said: { error: { message: string } } }>,
      RegExp,
    ]
  >([
    [
      "another priority",
      (scene) => scene.open({ priority: "P3" }),
      /something else was recorded .*"priority":2/,
    ],
    ["another subject", (scene) => scene.open({ subject: "HD-9" }), /"title":"HD-1"/],
    ["paging", (scene) => scene.open({ paging: true }), /something else/],
    [
      "another instance",
      (scene) => scene.open({ instance: "birch" }),
      /^id: HD-1 is a ticket of acme$/,
    ],
    [
      "another time",
      (scene) => scene.open({ at: "2026-06-02T06:00:00Z" }),
      /^at: it was recorded as of/,
    ],
    ["a person's reply by a machine's name", (scene) => scene.reply(), /"kind":"acknowledged"/],
    ["another reason", (scene) => scene.close({ reason: "merged" }), /"reason":"duplicate"/],
  ])("of %s is said and changes nothing", async ([, act, message]) => {
    const scene = new HelpdeskScene();
    await scene.open();
    await scene.reply({ kind: "automatic" });
    await scene.close({ reason: "duplicate" });
    const { status, said } = await act(scene);
    expect(status).toBe(409);
    expect(said.error.message).toMatch(message);
    expect(await scene.kinds()).toHaveLength(3);
  });

  it("of one name in two instances is decided by the instance", async () => {
    const scene = new HelpdeskScene();
    await scene.open();
    const opened = JSON.parse(JSON.stringify(scene.memory.at(CONTROL).peek(KEY)));
    scene.memory.at(CONTROL).put("tickets/birch/HD-1.json", { ...opened, instance: "birch" });
    expect((await scene.reply()).said.error).toMatchObject({
      ...{ place: "instance", allowed: "one of acme, birch: several have a ticket HD-1" },
    });
    expect((await scene.reply({ instance: "birch" })).said.instance).toBe("birch");
  });
});
