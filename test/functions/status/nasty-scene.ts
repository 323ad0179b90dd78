import type { Known, Scene } from "../../../functions/status/view.ts";
import type { Window, WindowRecord } from "../../../lib/sla/books/window.ts";
import { instance } from "../../fakes/fleet.ts";

const ms = (at: string) => Date.parse(at);
const LONG = `${"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau".repeat(8)} `
  .repeat(2)
  .slice(0, 500);

/** What a fleet could call an instance. */
const NASTY = [
  `<script>alert(1)</script><b title='x' a="y">&amp;`,
  "متجر الكتب \u202eevil",
  LONG.trim(),
];

const known = (n: number, changes: Partial<Known>): Known => ({
  instance: instance(`i${n}`, {
    status: { name: NASTY[n] ?? `Quiet ${n}`, public: n < NASTY.length },
  }),
  standing: { state: "up" },
  course: { sinceMs: ms("2026-09-10T00:00:00Z"), down: [], unseen: [] },
  backups: {
    newest: "2026-11-22T04:00:00.000Z",
    tested: "2026-11-20T03:00:00.000Z",
    isFailing: false,
  },
  ...changes,
});
const sinceMs = ms("2026-09-10T00:00:00Z");

const window = (id: string, changes: Partial<WindowRecord>, cancelledMs?: number): Window => {
  const record: WindowRecord = {
    ...{
      window: id,
      kind: "planned",
      scope: "fleet",
      instances: [0, 1, 2, 3, 4].map((n) => `i${n}`),
    },
    ...{ fromAt: "2026-11-25T22:00:00.000Z", toAt: "2026-11-25T23:00:00.000Z" },
    ...{ reason: `<script>new</script> disks; \u202e"ä", \\o/\n${LONG}`, by: "arn:ops" },
    ...{ announcedAt: "2026-11-20T09:00:00.000Z", ...changes },
  };
  return {
    ...{ record, fromMs: ms(record.fromAt), toMs: ms(record.toAt) },
    announcedMs: ms(record.announcedAt),
    ...(cancelledMs !== undefined && { cancelledMs }),
  };
};

/** Of the fleet; cancelled; under way for one who is public; for one who is not; ended early. */
const NASTY_WINDOWS: readonly Window[] = [
  window("m1", {}),
  window("m2", { reason: "old plan" }, ms("2026-11-21T00:00:00.000Z")),
  window("m3", {
    ...{ kind: "emergency", scope: "instance i2", instances: ["i2"], reason: "a broken disk" },
    ...{ fromAt: "2026-11-22T09:30:00.000Z", toAt: "2026-11-22T12:00:00.000Z" },
  }),
  window("m4", { scope: "instance i3", instances: ["i3"], reason: "the ERP of Secret Ltd" }),
  window(
    "m5",
    {
      ...{ fromAt: "2026-11-01T22:00:00.000Z", toAt: "2026-11-01T23:00:00.000Z" },
      ...{ announcedAt: "2026-10-30T09:00:00.000Z", reason: "short" },
    },
    ms("2026-11-01T22:20:00.000Z"),
  ),
];

/** Everything that a page may have to show at once, under names that try to break it. */
export function nastyScene(): { readonly scene: Scene; readonly NASTY: readonly string[] } {
  const scene: Scene = {
    fleet: {
      provider: {
        ...{ name: "<img src=x> Hosting \u202e& Söhne", contact: "ops@provider.example" },
        ...{ timezone: "Europe/Zurich", account: "111111111111" },
      },
    },
    at: "2026-11-22T10:00:00.000Z",
    now: new Date("2026-11-22T10:00:00.000Z"),
    everySeconds: 900,
    silent: ["eu-central-1"],
    windows: NASTY_WINDOWS,
    known: [
      known(0, {
        course: {
          sinceMs,
          down: [
            { fromMs: ms("2026-11-03T10:00:00Z"), toMs: ms("2026-11-03T11:00:00Z") },
            { fromMs: ms("2026-11-20T10:00:00Z"), toMs: ms("2026-11-20T10:05:00Z") },
          ],
          unseen: [{ fromMs: ms("2026-10-10T00:00:00Z"), toMs: ms("2026-10-11T12:00:00Z") }],
        },
      }),
      known(1, {
        standing: { state: "down", since: "2026-11-22T09:50:00.000Z" },
        course: { sinceMs, down: [{ fromMs: ms("2026-11-22T09:50:00Z") }], unseen: [] },
        backups: { isFailing: true },
      }),
      known(2, { standing: { state: "unknown", since: "2026-11-22T09:40:00.000Z" } }),
      known(3, {}),
      known(4, {
        standing: { state: "down", since: "2026-11-22T09:55:00.000Z" },
        course: { sinceMs, down: [{ fromMs: ms("2026-11-22T09:55:00Z") }], unseen: [] },
      }),
    ],
  };
  return { scene, NASTY };
}
