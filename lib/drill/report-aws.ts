import { type Html, html } from "../page/html.ts";
import { type Phase, phasesOf } from "./report-phases.ts";
import { span } from "./report-words.ts";
import type { DrillResult } from "./result.ts";

/** A stretch of the recovery as AWS would take it, in seconds. */
export interface AwsPart {
  readonly name: string;
  readonly here: number;
  readonly least: number;
  readonly most: number;
  readonly because: string;
}

/** What AWS publishes, in seconds, with the page that says so. */
const PUBLISHED = {
  promotion: {
    least: 180,
    most: 720,
    because:
      "RDS reboots it: several minutes or longer, by its size (RDS User Guide, Promoting a read replica). Counted here as 3 to 12 minutes",
  },
  propagation: {
    seconds: 60,
    because: "Route 53 tells all its servers within 60 s under normal conditions (Route 53 FAQs)",
  },
  check: {
    seconds: 30,
    because:
      "three looks of the STOP check, one every 10 s (Route 53 Developer Guide, Values for health checks)",
  },
} as const;

/** The phases of a run at AWS's durations; empty if no client wrote again. */
export function awsParts({ timeline, dns, measured, recovery }: DrillResult): AwsPart[] {
  // AWS publishes nothing of how long a restore takes: it depends on what is restored.
  if (recovery) return [];
  const { noticeSeconds, ttlSeconds } = measured.undivided;
  const flip = dns.flippedBy === "stop" ? PUBLISHED.check : PUBLISHED.propagation;
  const part = (phase: Phase, seconds: number, because: string, most = seconds): AwsPart => ({
    name: phase.name,
    here: phase.ms / 1000,
    least: seconds,
    most,
    because,
  });
  return phasesOf(timeline).map((phase) => {
    const here = phase.ms / 1000;
    switch (phase.step) {
      case "detection":
        return part(phase, noticeSeconds, "as configured: bad rounds × cadence + Multi-AZ wait");
      case "promotion": {
        const { least, most, because } = PUBLISHED.promotion;
        return part(phase, least + here, because, most + here);
      }
      case "flip":
        return part(phase, flip.seconds + here, flip.because);
      case "ttl":
        return part(
          phase,
          ttlSeconds,
          "the records' TTL, undivided: resolvers keep the old answer",
        );
      default:
        return part(phase, here, "as measured here; AWS publishes no duration");
    }
  });
}

/** What this run would have taken on AWS, against what was sold. */
export function awsSection(result: DrillResult): Html {
  const parts = awsParts(result);
  if (parts.length === 0) return html``;
  const [least, most] = [
    total(parts, ({ least: one }) => one),
    total(parts, ({ most: one }) => one),
  ];
  const { rtoSeconds } = result.promised;
  return html`<h3>The same run on AWS</h3>
<p>About <strong>${range(least, most)}</strong>${rtoSeconds === null ? "" : `; sold: ${span(rtoSeconds)}, ${marginOf(rtoSeconds, most)}`}.
Configured waits, undivided + work as measured here + RDS’s promotion + Route 53’s propagation + TTL. Not a measurement: no
distance between regions, no throttling, no pool of clients that notices late. <code>sla check</code> counts worst cases.</p>
<table class="aws">
<thead><tr><th scope="col">Part</th><th scope="col">Here</th><th scope="col">On AWS</th><th scope="col">Because</th></tr></thead>
<tbody>${parts.map(
    (part) =>
      html`<tr><td>${part.name}</td><td>${span(part.here)}</td><td>${range(part.least, part.most)}</td><td>${part.because}</td></tr>`,
  )}
<tr><th scope="row">Together</th><td>${span(total(parts, ({ here }) => here))}</td><td>${range(least, most)}</td><td></td></tr></tbody>
</table>`;
}

const total = (parts: readonly AwsPart[], of: (part: AwsPart) => number) =>
  parts.reduce((sum, part) => sum + of(part), 0);

const range = (least: number, most: number) =>
  most - least < 1 ? about(most) : `${about(least)} to ${about(most)}`;

/** Nobody believes hundredths of an estimate. */
const about = (seconds: number) => span(seconds < 10 ? seconds : Math.round(seconds));

const marginOf = (soldSeconds: number, mostSeconds: number) =>
  mostSeconds < soldSeconds
    ? `at least ${about(soldSeconds - mostSeconds)} to spare`
    : `up to ${about(mostSeconds - soldSeconds)} too late`;
