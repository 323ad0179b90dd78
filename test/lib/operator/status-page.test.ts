import { beforeEach, describe, expect, it } from "vitest";
import { pageLinks, pageNow } from "../../../lib/operator/status-page.ts";
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
