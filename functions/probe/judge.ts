import type { ProbeResult, ProbeTarget } from "./contract.ts";
import type { Look } from "./prober.ts";

/**
 * Good is 2xx with the expected text. A redirect is bad: the page that was sold did not answer, and
 * where it leads (a login, a maintenance notice) answers even when the database behind it is gone.
 */
export function judge(target: ProbeTarget, look: Look): ProbeResult {
  const reason = look.kind === "failed" ? look.reason : complaint(target, look);
  const tookMs = Math.round(look.tookMs);
  const result = { id: target.id, good: reason === undefined, tookMs, ...(reason && { reason }) };
  if (look.kind === "failed") return result;
  const { status, certificateDaysLeft } = look;
  return { ...result, status, ...(certificateDaysLeft !== undefined && { certificateDaysLeft }) };
}

function complaint({ expect }: ProbeTarget, look: Look & { kind: "answered" }): string | undefined {
  const { status, location, body } = look;
  if (status >= 300 && status < 400) return `status ${status} to ${location ?? "nowhere"}`;
  if (status < 200 || status > 299) return `status ${status}`;
  return expect === undefined || body.includes(expect) ? undefined : `body lacks '${expect}'`;
}
