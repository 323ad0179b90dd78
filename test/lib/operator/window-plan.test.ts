import { describe, expect, it } from "vitest";
import { planLines } from "../../../lib/operator/window-lines.ts";
import { Office } from "../../fakes/maintenance-office.ts";

describe("what announcing a window would mean", () => {
  it("is said by plan, with the notice it lacks", () => {
    const lines = planLines(new Office().plan(), "Europe/Zurich");
    expect(lines).toEqual([
      "planned maintenance",
      "  when       2026-11-21 23:00 to 2026-11-22 00:00 (Europe/Zurich), 1h",
      "  whom       fleet (acme, birch)",
      "  what       new disks",
      "  counts     mintsys: not counted as downtime (acme)",
      "  counts     cloudpepper-high: COUNTED as downtime: it is announced too late,",
      "             the plan says 24 h before (birch)",
      "  failovers  begin by themselves as always",
      "  mails      to 3 addresses",
    ]);
  });

  it("warns of business hours where the instance lives, and of more than is usual", () => {
    const [fromMs, toMs] = ["2026-11-23T06:00:00Z", "2026-11-23T09:00:00Z"].map(Date.parse);
    const lines = planLines(new Office().plan({ fromMs: fromMs ?? 0, toMs: toMs ?? 0 }), "UTC");
    expect(lines.filter((line) => line.startsWith("!"))).toEqual([
      "! longer than the 1h that mintsys calls usual",
      "! business hours in eu-central-2 from 2026-11-23 07:00, which mintsys rules out:",
      "! business hours in eu-central-2 from 2026-11-23 08:00, which cloudpepper-high",
    ]);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("says that failovers are held back", () => {
    const lines = planLines(new Office().plan({ holdsFailovers: true }), "UTC").join("\n");
    expect(lines).toContain("none begins by itself while the home region answers");
  });
});
