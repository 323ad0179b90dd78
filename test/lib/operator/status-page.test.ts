import { beforeEach, describe, expect, it } from "vitest";
import { pageLinks, pageNow, providersPage } from "../../../lib/operator/status-page.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { Bureau, CONTROL, HOME, STANDBY } from "../../fakes/operator-access.ts";

class Published extends Bureau {
  override readonly fleet: Fleet = { ...new Bureau().fleet, status: {} };
}

let bureau: Published;
beforeEach(() => {
  bureau = new Published();
});
const secret = async () => "s3cret";

describe("the page that a person writes", () => {
  it("is one file for everybody, which needs no other and forbids itself everything else", async () => {
    const page = await pageNow(bureau, undefined);
    expect(page).toMatch(
      /Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/,
    );
    expect(page).toContain("Everything is up.");
    expect(page).not.toMatch(/acme|dale|href=|src=/);
  });

  it("is a customer's where an instance is named", async () => {
    const page = await pageNow(bureau, "acme");
    expect(page).toContain("<bdi>acme</bdi>");
    expect(page).not.toContain("dale");
  });

  it("shows of sealed days what the books count", async () => {
    const { timezone } = bureau.fleet.provider;
    bureau.memory.at(CONTROL).put("status/days.json.gz", {
      ...{ timezone, first: "2026-11-18", last: "2026-11-20" },
      instances: { acme: { "2026-11-19": [18, 0] } },
    });
    expect(await pageNow(bureau, "acme")).toContain("2026-11-19: down for 18 minutes");
  });

  it("is written without the region that publishes it", async () => {
    for (const region of [HOME, CONTROL]) bureau.memory.cutOff(region);
    const page = await pageNow(bureau, undefined);
    expect(page).toContain(`${CONTROL} says nothing just now`);
  });

  it("is refused where no ledger answers", async () => {
    for (const region of [HOME, STANDBY, CONTROL]) bureau.memory.cutOff(region);
    await expect(pageNow(bureau, undefined)).rejects.toThrow(/no ledger answers in eu-/);
  });

  it("is refused of who has left, and of whom several customers have", async () => {
    const roles = bureau.memory.at(HOME).peek<object>("roles/dale.json");
    bureau.memory.at(HOME).put("roles/dale.json", { ...roles, epoch: 9, leftAt: "2026-11-20" });
    await expect(pageNow(bureau, "dale")).rejects.toThrow(/dale: .*on no page/);
    const [acme] = bureau.fleet.instances;
    if (acme) Object.assign(acme, { customers: ["a", "b"] });
    await expect(pageNow(bureau, "acme")).rejects.toThrow(/on 2 pages, of customer a, customer b/);
  });
});

describe("the provider's own page", () => {
  const TICKET = {
    ...{ instance: "acme", id: "HD-1" },
    events: [
      {
        ...{ kind: "opened", id: "e1", by: "desk", priority: 2, title: "mail <b>stands</b> still" },
        ...{ at: "2020-11-22T09:00:00.000Z", recordedAt: "2020-11-22T09:00:00.000Z" },
        promise: { due: "2027-11-22T11:00:00.000Z", warn: "2027-11-22T10:30:00.000Z" },
      },
    ],
  };
  const CALL = {
    ...{ instance: "acme", id: "20261122100000000", title: "FAILOVER HALTED" },
    ...{ openedAt: "2026-11-22T10:00:00.000Z", lines: [] },
    called: [{ contact: "night@provider.example", at: "2026-11-22T10:05:00.000Z" }],
  };

  beforeEach(() => {
    bureau.memory.at(CONTROL).put("tickets/acme/HD-1.json", TICKET);
    bureau.memory.at(STANDBY).put("calls/acme/20261122100000000.json", CALL);
  });

  it("has open tickets with what is due, and who is called for what", async () => {
    const page = await providersPage(bureau);
    expect(page).toContain("mail &lt;b&gt;stands&lt;/b&gt; still");
    expect(page).toMatch(/HD-1.*reply until <time datetime="2027-11-22T11:00:00.000Z"/s);
    expect(page).toMatch(/FAILOVER HALTED.*rings.*night@provider\.example/s);
    expect(page).toContain("<bdi>dale</bdi>");
  });

  it("names who says nothing", async () => {
    bureau.memory.cutOff(STANDBY);
    expect(await providersPage(bureau)).toContain(`${STANDBY} says nothing: there may be more`);
  });

  it("is the only one that has any of it", async () => {
    for (const page of [await pageNow(bureau, undefined), await pageNow(bureau, "acme")]) {
      expect(page).not.toMatch(/HD-1|FAILOVER HALTED|night@provider|Open tickets/);
    }
  });
});

describe("addresses of pages", () => {
  it("are told for everybody and for each customer", async () => {
    bureau.memory.at(CONTROL).put(`status/${CONTROL}.json`, {
      ...{ address: "https://status.example/", instances: {}, shelves: {} },
    });
    const links = await pageLinks(bureau, secret);
    expect(links.map(({ customer, instances }) => [customer, ...instances])).toEqual([
      [undefined],
      ["instance acme", "acme"],
      ["instance dale", "dale"],
    ]);
    expect(links[0]?.url).toBe("https://status.example/");
    expect(links[1]?.url).toMatch(/^https:\/\/status\.example\/c\/[\w-]{43}\/index\.html$/);
  });

  it("are none before the first publication, and none without status:", async () => {
    await expect(pageLinks(bureau, secret)).rejects.toThrow(/nothing has been published yet/);
    await expect(pageLinks(new Bureau(), secret)).rejects.toThrow(/add status: \{\}/);
  });
});
