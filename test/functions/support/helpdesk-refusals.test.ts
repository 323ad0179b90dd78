import { describe, expect, it, test } from "vitest";
import { HELPDESK_ROUTES } from "../../../functions/support/contract.ts";
import { CONTROL } from "./desk.ts";
import { CLAIMS, HelpdeskScene, ISSUER } from "./helpdesk-desk.ts";

describe("a request that cannot be", () => {
  test.for<[string, unknown, string, string | undefined, RegExp]>([
    ["no JSON", "id=1", "body", "id=1", /^a JSON object with id, instance/],
    ["a list", [], "body", "[]", /^a JSON object/],
    [
      "a customer's words",
      { subject: "mail stands still" },
      "subject",
      "mail stands still",
      /never a customer's words/,
    ],
    ["a description", { description: "…" }, "description", undefined, /^no other keys than id, /],
    ["no name", { id: undefined }, "id", undefined, /^the helpdesk's name of the ticket/],
    ["a name that climbs", { id: "../x" }, "id", "../x", /letters, digits/],
    [
      "an unknown instance",
      { instance: "cedar" },
      "instance",
      "cedar",
      /^the id of an instance of the fleet/,
    ],
    ["no priority", { priority: 2 }, "priority", "2", /^P1, the most urgent, to P4$/],
    [
      "a time without a zone",
      { at: "2026-06-02T07:00:00" },
      "at",
      "2026-06-02T07:00:00",
      /with a zone/,
    ],
    [
      "a day that is none",
      { at: "2026-02-30T07:00:00Z" },
      "at",
      "2026-02-30T07:00:00Z",
      /with a zone/,
    ],
    [
      "what is to come",
      { at: "2026-06-02T07:02:01Z" },
      "at",
      "2026-06-02T07:02:01Z",
      /^at most 2 minutes ahead/,
    ],
    [
      "what is long ago",
      { at: "2026-05-30T06:59:59Z" },
      "at",
      "2026-05-30T06:59:59Z",
      /^2026-05-30T07:00:00.000Z or later/,
    ],
    ["too much", { subject: "x".repeat(3000) }, "body", undefined, /^at most 2048 characters/],
  ])(
    "%s is told with place, value and what is allowed",
    async ([, more, place, value, allowed]) => {
      const scene = new HelpdeskScene();
      const isPart = typeof more === "object" && !Array.isArray(more);
      const { status, said } = await (isPart
        ? scene.open(more ?? {})
        : scene.ask("POST /tickets", more));
      expect([status, said.error.place, said.error.value]).toEqual([400, place, value]);
      expect(said.error.allowed).toMatch(allowed);
      expect(await scene.memory.at(CONTROL).list("tickets/")).toEqual([]);
    },
  );

  it("may be two minutes ahead of our clock: then it is now", async () => {
    const { said } = await new HelpdeskScene().open({ at: "2026-06-02T09:02:00+02:00" });
    expect(said.opened).toBe("2026-06-02T07:00:00.000Z");
  });

  it("is a reply before its question, or of a ticket that is not there", async () => {
    const scene = new HelpdeskScene();
    expect((await scene.reply()).status).toBe(404);
    await scene.open();
    const early = await scene.reply({ at: "2026-06-02T06:59:59Z" });
    expect(early.said.error.allowed).toBe(
      "2026-06-02T07:00:00.000Z or later, when the ticket was opened",
    );
  });
});

describe("nobody else", () => {
  const { client_id: _, ...anonymous } = CLAIMS;
  test.for<[string, Record<string, string>]>([
    ["a token without the scope", { ...CLAIMS, scope: "tickets:read copies" }],
    ["a scope that only begins like it", { ...CLAIMS, scope: "tickets:write-all" }],
    ["no scope at all", { iss: ISSUER, sub: "desk-7" }],
    ["another issuer's token", { ...CLAIMS, iss: "https://login.other" }],
    ["a customer's token, whatever scope it was given", { ...anonymous, sub: "anna" }],
    ["no claims", {}],
  ])("gets in with %s, on any route", async ([, claims]) => {
    const scene = new HelpdeskScene();
    await scene.open();
    for (const route of [...HELPDESK_ROUTES, "$default"]) {
      const body = { id: "HD-2", instance: "acme", priority: "P1" };
      const { status, said } = await scene.ask(route, body, { id: "HD-1", claims });
      expect([route, status, said.error.code]).toEqual([route, 403, "Stranger"]);
    }
    expect(await scene.memory.at(CONTROL).list("tickets/")).toHaveLength(1);
  });

  it("is kept out who has the scope in a list", async () => {
    const scene = new HelpdeskScene();
    const claims = { iss: ISSUER, scp: "[tickets:read tickets:write]", sub: "desk-8" };
    const body = { id: "HD-1", instance: "acme", priority: "P1" };
    const { status, said } = await scene.ask("POST /tickets", body, { claims });
    expect([status, said.events[0].by]).toEqual([201, "helpdesk desk-8"]);
  });
});
