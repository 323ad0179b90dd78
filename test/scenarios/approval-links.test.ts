import { describe, expect, it } from "vitest";
import { answerLink } from "../../functions/approval/answer.ts";
import type { Approval, Seal } from "../../functions/approval/contract.ts";
import { htmlOf } from "../../functions/approval/page.ts";
import { executionName } from "../../functions/failover/contract.ts";
import { answerLinks } from "../../functions/notify/links.ts";
import { STANDBY, World } from "../fakes/failover-world.ts";

const OPS = "ops@orchard.example";
const CUSTOMER = "it@acme.example.ch";
const PAGE = "https://page.example/";

/** A failover of acme that waits for its people, who have mails and browsers. */
class Asking {
  readonly world = new World({ failover: "approval", approval: { asks: "everybody" } });

  get ledger() {
    return this.world.ledgers.at(STANDBY);
  }

  get failover() {
    return executionName(this.world.request());
  }

  get approval() {
    return this.ledger.peek<Approval>(`approvals/acme/${this.failover}.json`);
  }

  get seal() {
    return this.ledger.peek<Seal>(`sealed/acme/${this.failover}.json`);
  }

  /** The links in the mail of one recipient. */
  async mailTo(recipient: string): Promise<{ approve: string; refuse: string }> {
    const notice = this.world.notices.findLast(({ kind }) => kind === "approval-wanted");
    if (!notice) throw new Error("nobody was asked");
    const lines = await answerLinks(this.ledger, PAGE, this.world.clock).of(notice, recipient);
    const link = (name: string) =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? "";
    return { approve: link("approve"), refuse: link("refuse") };
  }

  open = (link: string) => this.#request("GET", link);
  press = (link: string, reason = "") =>
    this.#request("POST", link, new URLSearchParams({ reason }));

  /** Asks, lets people do this in the first wait, and runs to the end. */
  async run(people: () => Promise<unknown>) {
    let done = false;
    this.world.people = async () => {
      if (!done) await people();
      done = true;
    };
    return this.world.failover();
  }

  async #request(method: string, link: string, form?: URLSearchParams) {
    const request = {
      rawPath: new URL(link).pathname,
      requestContext: { http: { method } },
      ...(form && { body: Buffer.from(String(form)).toString("base64"), isBase64Encoded: true }),
    };
    const { clock, running, woken } = this.world;
    const waker = {
      isRunning: async (arn: string) => running.has(arn),
      wake: async (token: string) => void woken.add(token),
    };
    const page = await answerLink(request, { ledger: this.ledger, clock, waker });
    return { status: page.status, text: htmlOf(page) };
  }
}

describe("the links of a mail that asks", () => {
  it("approve: one person opens the page, gives a reason, and the failover goes on", async () => {
    const asking = new Asking();
    const run = await asking.run(async () => {
      const { approve } = await asking.mailTo(OPS);
      const page = await asking.open(approve);
      expect(page.status).toBe(200);
      expect(page.text).toContain("The primary acme-db in eu-central-2 is down");
      expect(page.text).toContain('<form method="post">');
      expect((await asking.press(approve, "the site has no power")).status).toBe(200);
    });
    expect(run.status).toBe("done");
    expect(asking.world.waits).toBe(1);
    expect(asking.approval).toMatchObject({
      state: "approved",
      by: OPS,
      reason: "the site has no power",
    });
  });

  it("refuse: nothing is touched, and who refused is known", async () => {
    const asking = new Asking();
    const run = await asking.run(async () => {
      const { refuse } = await asking.mailTo(CUSTOMER);
      await asking.press(refuse, "we are working on it");
    });
    expect(run.output).toMatchObject({ Error: "HaltRefused" });
    expect(asking.world.databases.changes).toEqual([]);
    expect(asking.approval).toMatchObject({ state: "refused", by: CUSTOMER });
  });

  it("do nothing when a mail scanner opens them all", async () => {
    const asking = new Asking();
    await asking.run(async () => {
      const { approve, refuse } = await asking.mailTo(OPS);
      for (const link of [approve, refuse, approve, refuse]) {
        expect((await asking.open(link)).status).toBe(200);
      }
      expect(asking.approval?.state).toBe("open");
      expect(asking.world.woken.size).toBe(0);
    });
  });

  it("work once: the second press is told of the first", async () => {
    const asking = new Asking();
    const run = await asking.run(async () => {
      const { approve, refuse } = await asking.mailTo(OPS);
      await asking.press(approve, "first");
      for (const link of [approve, refuse]) {
        const again = await asking.press(link, "second");
        expect(again.status).toBe(409);
        expect(again.text).toMatch(/was approved by <b>ops@orchard\.example<\/b> at .*: first/);
        expect((await asking.open(link)).text).not.toContain("<form");
      }
    });
    expect(run.status).toBe("done");
    expect(asking.approval).toMatchObject({ reason: "first" });
  });

  it("let the first of two people win who press opposite buttons at once; the other is told", async () => {
    const asking = new Asking();
    const run = await asking.run(async () => {
      const [ops, customer] = [await asking.mailTo(OPS), await asking.mailTo(CUSTOMER)];
      const [one, other] = await Promise.all([
        asking.press(ops.refuse),
        asking.press(customer.approve),
      ]);
      expect([one.status, other.status]).toEqual([200, 409]);
      expect(other.text).toContain("This has been decided: refused");
    });
    expect(run.output).toMatchObject({ Error: "HaltRefused" });
  });

  it("are of no use when the time is up", async () => {
    const asking = new Asking();
    let link = "";
    await asking.run(async () => {
      link = (await asking.mailTo(OPS)).refuse;
      await asking.world.clock.until(new Date(asking.approval?.until ?? ""));
      const late = await asking.press(link);
      expect(late.status).toBe(410);
      expect(late.text).toContain("The time to answer was up at");
    });
    expect(asking.approval).toMatchObject({ state: "expired" });
    expect((await asking.press(link)).text).toContain("This has been decided: expired");
  });

  it("are of no use once the roles have changed", async () => {
    const asking = new Asking();
    await asking.run(async () => {
      const { approve } = await asking.mailTo(OPS);
      asking.ledger.put("roles/acme.json", { ...asking.world.roles, epoch: 2, by: "another" });
      const old = await asking.press(approve);
      expect(old.status).toBe(410);
      expect(old.text).toContain("The roles of acme have changed");
      expect(asking.approval?.state).toBe("open");
    });
  });

  it("are of no use once the execution is over, however it died", async () => {
    const asking = new Asking();
    await asking.run(async () => {
      const { approve } = await asking.mailTo(OPS);
      asking.world.running.clear();
      const dead = await asking.press(approve);
      expect(dead.status).toBe(410);
      expect(dead.text).toContain("The failover that asked is over.");
      expect(asking.approval?.state).toBe("open");
    });
  });

  const FORGED: readonly (readonly [string, (link: URL, asking: Asking) => string])[] = [
    ["another instance", ({ pathname }) => pathname.replace("/acme/", "/birch/")],
    ["the other answer", ({ pathname }) => pathname.replace("/approve/", "/refuse/")],
    ["another person", ({ pathname }) => pathname.replace(/\/0\/([\w-]+)$/, "/1/$1")],
    ["somebody nobody asked", ({ pathname }) => pathname.replace(/\/0\/([\w-]+)$/, "/7/$1")],
    ["another failover", ({ pathname }) => pathname.replace("fo-acme-e1", "fo-acme-e2")],
    ["a changed signature", ({ pathname }) => `${pathname.slice(0, -2)}AA`],
    ["the beginning of a signature", ({ pathname }) => pathname.slice(0, -1)],
    ["a way round", ({ pathname }) => `/approve/../${pathname}`],
    ["nothing", () => "/"],
  ];

  it.each(FORGED)("are not accepted for %s", async (_what, forge) => {
    const asking = new Asking();
    await asking.run(async () => {
      const { approve } = await asking.mailTo(OPS);
      const path = forge(new URL(approve), asking);
      expect(path).not.toBe(new URL(approve).pathname);
      const page = await asking.press(new URL(path, PAGE).href);
      expect(page.status).toBe(404);
      expect(page.text).not.toMatch(/acme|birch/);
      expect(asking.approval?.state).toBe("open");
    });
  });

  it("of an older question about the same instance are not accepted for the next one", async () => {
    const asking = new Asking();
    await asking.run(async () => {
      const { approve } = await asking.mailTo(OPS);
      const before = asking.approval;
      // The same failover asked again from scratch: another execution, another secret.
      asking.ledger.put(`approvals/acme/${asking.failover}.json`, { ...before, epoch: 3 });
      expect((await asking.press(approve)).status).toBe(404);
    });
  });

  it("go to those only who are asked, each their own", async () => {
    const asking = new Asking();
    await asking.run(async () => {
      const [ops, customer] = [await asking.mailTo(OPS), await asking.mailTo(CUSTOMER)];
      expect(new Set([ops.approve, ops.refuse, customer.approve, customer.refuse]).size).toBe(4);
      expect(await asking.mailTo("somebody@else.example")).toEqual({ approve: "", refuse: "" });
    });
  });

  it("are not in the mail where the region serves no page: it has the commands", async () => {
    const asking = new Asking();
    await asking.run(async () => {
      const notice = asking.world.notices.at(-1);
      expect(notice?.kind).toBe("approval-wanted");
      expect(
        notice && (await answerLinks(asking.ledger, undefined, asking.world.clock).of(notice, OPS)),
      ).toEqual([]);
      expect(notice?.lines.join("\n")).toContain("npx sla approve acme --reason 'why'");
    });
  });

  it("show what others wrote as text, never as markup, and keep a reason in one line", async () => {
    const asking = new Asking();
    await asking.run(async () => {
      const { approve, refuse } = await asking.mailTo(OPS);
      await asking.press(approve, `<script>alert(1)</script>\u0000\n${"x".repeat(400)}`);
      expect(asking.approval).toMatchObject({ reason: expect.stringMatching(/^.{300}$/) });
      const page = await asking.open(refuse);
      expect(page.text).toContain("&lt;script&gt;");
      expect(page.text).not.toContain("<script");
    });
  });

  it("say nothing is decided to whoever comes with another method", async () => {
    const asking = new Asking();
    await asking.run(async () => {
      const { approve } = await asking.mailTo(OPS);
      const request = {
        rawPath: new URL(approve).pathname,
        requestContext: { http: { method: "PUT" } },
      };
      const waker = { isRunning: async () => true, wake: async () => undefined };
      const page = await answerLink(request, {
        ledger: asking.ledger,
        clock: asking.world.clock,
        waker,
      });
      expect(page.status).toBe(405);
    });
  });

  it("decide though the machine cannot be woken: it looks by itself", async () => {
    const asking = new Asking();
    const run = await asking.run(async () => {
      const { approve } = await asking.mailTo(OPS);
      asking.world.woken.add = () => {
        throw new Error("Task Timed Out");
      };
      expect((await asking.press(approve)).status).toBe(200);
    });
    expect(run.status).toBe("done");
    expect(asking.approval).toMatchObject({ state: "approved" });
  });
});
