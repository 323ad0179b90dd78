import { acknowledgeLink } from "../../functions/approval/acknowledge.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import { Calls } from "../../functions/notify/calls.ts";
import type { Notice, NotifyRequest } from "../../functions/notify/contract.ts";
import { Hooks } from "../../functions/notify/hooks.ts";
import { answerLinks } from "../../functions/notify/links.ts";
import { Marks } from "../../functions/notify/marks.ts";
import { notify, type Post } from "../../functions/notify/notify.ts";
import { Rate } from "../../functions/notify/rate.ts";
import { UnsentNotices } from "../../functions/notify/unsent.ts";
import { exchange } from "../../functions/oncall/round.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { MemoryAlerts } from "./alerts.ts";
import { FakeClock } from "./clock.ts";
import { fleetOf, instance } from "./fleet.ts";
import { type MemoryLedger, MemoryLedgers } from "./ledger.ts";

export const SITE = "eu-central-1";
export const [ANN, BOB] = ["ann@ops.example", "bob@ops.example"] as const;

const CHAIN = [
  { contact: ANN, afterMinutes: 5 },
  { contact: BOB, afterMinutes: 10 },
];

/** Ann is on call, then Bob. */
export const withOnCall = <F extends Pick<Fleet, "provider">>(fleet: F): F => ({
  ...fleet,
  provider: { ...fleet.provider, onCall: CHAIN },
});

export const FLEET = withOnCall(fleetOf([instance("acme"), instance("birch")]));

interface Place {
  readonly site: string;
  readonly clock: Clock;
  readonly ledgers: MemoryLedgers;
  readonly fleet: Fleet;
}

/** A site at night: what is told is mailed, and a round looks every minute. */
export class Night {
  readonly clock: Clock;
  readonly ledgers: MemoryLedgers;
  readonly ledger: MemoryLedger;
  readonly alerts = new MemoryAlerts();
  readonly messenger = { notify: async (request: NotifyRequest) => this.#send(request) };
  readonly round: ReturnType<typeof exchange>;
  readonly #fleet: Fleet;
  readonly #post: Post;

  constructor({
    site = SITE,
    clock = new FakeClock("2026-11-22T03:00:00Z"),
    ledgers = new MemoryLedgers(),
    fleet = FLEET,
  }: Partial<Place> = {}) {
    const ledger = ledgers.at(site);
    [this.clock, this.ledgers, this.ledger, this.#fleet] = [clock, ledgers, ledger, fleet];
    this.#post = {
      alerts: this.alerts,
      marks: new Marks(ledger, clock),
      rate: new Rate(clock),
      links: answerLinks(ledger, "https://page.example/", clock),
      unsent: new UnsentNotices(ledger, clock),
      calls: new Calls(ledger, clock),
      hooks: new Hooks({ site, ledger, clock, wake: async () => undefined }),
    };
    this.round = exchange({ site, ledgers: ledgers.at, clock, messenger: this.messenger });
  }

  tell = (...notices: Notice[]) => this.#send({ notices });

  /** A round each minute. */
  async pass(minutes: number) {
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.clock.wait(60);
      await this.round(this.#fleet);
    }
  }

  get calls() {
    return this.alerts.mails
      .filter(({ subject }) => subject.includes("YOU ARE CALLED"))
      .map(({ recipient }) => recipient);
  }

  linkTo(recipient: string): string {
    const mail = this.alerts.mails.findLast((each) => each.recipient === recipient);
    return /acknowledge: (\S+)/.exec(mail?.text ?? "")?.[1] ?? "";
  }

  visit = (link: string, method = "POST") =>
    acknowledgeLink(
      { rawPath: new URL(link).pathname, requestContext: { http: { method } } },
      { ledger: this.ledger, clock: this.clock },
    );

  async #send(request: NotifyRequest) {
    await notify(request, this.#fleet, this.#post);
  }
}
