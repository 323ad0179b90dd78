import { describe, expect, it } from "vitest";
import { noticeOf } from "../../../functions/watch/notices.ts";
import type { Observation } from "../../../functions/watch/observe.ts";
import type { Instance } from "../../../lib/sla/fleet.ts";
import type { WatchEvent } from "../../../lib/sla/incident-state.ts";
import { firstRoles } from "../../../lib/sla/roles.ts";
import { alone, fleetOf, instance } from "../../fakes/fleet.ts";

const AT = "2026-11-21T10:00:40.000Z";
const OF = { incident: "i1", at: AT };

function said(event: WatchEvent, of: Instance): string {
  const roles = firstRoles(fleetOf([of]), of, "2026-11-01T00:00:00.000Z");
  const subject = { instance: of, roles };
  const seen = { subject, verdict: "down", votes: [], primary: {}, primaryRegionAnswers: false };
  return noticeOf(event, seen as unknown as Observation)?.lines.join("\n") ?? "";
}

describe("a mail that asks a person to begin", () => {
  it("ends with the command that says from what an instance without a standby comes back", () => {
    const lines = said({ kind: "no-standby", ...OF }, alone("dale"));
    expect(lines).toMatch(/npx sla recover dale --reason '.*' --dry-run$/);
  });

  it("has both commands where the site that would promote is silent: it may be lost as well", () => {
    const withheld = { kind: "failover-withheld", because: "not-owner", ...OF } as const;
    const lines = said(withheld, instance("acme"));
    expect(lines).toContain("npx sla failover acme --reason 'not-owner'\nIf eu-central-1 is lost");
    expect(lines).toMatch(/npx sla recover acme --reason '.*' --dry-run$/);
  });

  it("sends nobody to a recovery that is not built for clusters", () => {
    const global = instance("acme", {}, "aurora-mysql");
    const lines = said({ kind: "no-standby", ...OF }, global);
    expect(lines).toMatch(/docs\/runbook\.md#a-lost-cluster$/);
    const withheld = { kind: "failover-withheld", because: "not-owner", ...OF } as const;
    expect(said(withheld, global)).toMatch(/npx sla failover acme --reason 'not-owner'$/);
  });

  it("has only the failover where somebody can be promoted", () => {
    const withheld = { kind: "failover-withheld", because: "alert-only", ...OF } as const;
    expect(said(withheld, instance("acme"))).toMatch(
      /npx sla failover acme --reason 'alert-only'$/,
    );
  });
});
