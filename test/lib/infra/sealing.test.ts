import { expect, it } from "vitest";
import { keys, ledgerBucket } from "../../../functions/ledger/contract.ts";
import { DAYS_FUNCTION } from "../../../functions/report/contract.ts";
import { sealDays } from "../../../functions/report/seal-days.ts";
import { evaluate } from "../../../lib/local-cloud/iam/evaluate.ts";
import { holderOf } from "../../../lib/local-cloud/iam/principals.ts";
import { mirrorOf } from "../../../lib/sla/mirror.ts";
import { MemoryLedger } from "../../fakes/ledger.ts";
import { fleet } from "./fleet.ts";
import { type Grant, grantsByHolder, templateOf } from "./templates.ts";

const SITE = "eu-central-1";
const DAY = "2026-10-01";
const AT = `${DAY}T10:00:00.000Z`;

/** Whether the role lets an object be read or written, as the local cloud judges it. */
const allows = (grants: readonly Grant[], action: string, arn: string) =>
  evaluate({
    caller: holderOf(`arn:aws:iam::${fleet.provider.account}:role/days`, DAYS_FUNCTION),
    ask: { action, resource: arn },
    identity: grants.map(({ effect, action: each, resources }) => ({
      ...{ sid: "", effect, actions: [each], resources, conditions: [] },
    })),
    ...{ context: {}, resource: undefined, isForeign: false, resourceRules: false },
  }).allowed;

/** Tells which objects it was asked for. */
class Watched extends MemoryLedger {
  readonly touched = new Set<string>();

  override read<T>(key: string) {
    this.#note("s3:GetObject", key);
    return super.read<T>(key);
  }

  override text(key: string) {
    this.#note("s3:GetObject", key);
    return super.text(key);
  }

  override create(key: string, value: unknown) {
    this.#note("s3:PutObject", key);
    return super.create(key, value);
  }

  override replace(key: string, value: unknown, tag: string) {
    this.#note("s3:PutObject", key);
    return super.replace(key, value, tag);
  }

  #note(action: string, key: string): void {
    const bucket = ledgerBucket(fleet.provider.account, this.region);
    this.touched.add(`${action} arn:aws:s3:::${bucket}/${key}`);
  }
}

it("what seals days may read and write all that it does, whatever lies in a ledger", async () => {
  const mirrorRegion = mirrorOf(SITE, fleet) ?? "";
  const [own, mirror] = [new Watched(SITE), new Watched(mirrorRegion)];
  const records = [
    keys.round(AT, "s00"),
    ...[keys.maintenance("m1"), keys.cancellation("m2"), keys.annotation("acme", "i1", AT)],
    ...[keys.ticket("acme", "t1"), keys.left("acme"), keys.published("2026-09")],
    ...[keys.failover("acme", "f1", "record"), keys.restore("acme", "r1", "record")],
    ...[keys.backupDeeds(AT, SITE), keys.imageTest("acme", "rt-1")],
  ];
  for (const key of records) own.put(key, { cancels: "m1", at: AT, events: [] }, AT);
  await sealDays({
    ...{ site: SITE, ledger: own, vault: undefined, fleet },
    mirror: { name: mirrorRegion, keeper: mirror },
    clock: { now: () => new Date("2026-10-02T00:16:00Z") },
  });
  const grants = grantsByHolder(templateOf(`Sla-${SITE}`)).get(DAYS_FUNCTION) ?? [];
  const all = [...own.touched, ...mirror.touched];
  const read = new Set(all.map((each) => each.split(`/`).slice(1).join("/")));
  for (const key of records) expect([...read]).toContain(key);
  const refused = all.filter((each) => {
    const [action = "", arn = ""] = each.split(" ");
    return !allows(grants, action, arn);
  });
  expect(refused).toEqual([]);
});
