import type { Known, Scene } from "../../../functions/status/view.ts";
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
    everySeconds: 900,
    silent: ["eu-central-1"],
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
