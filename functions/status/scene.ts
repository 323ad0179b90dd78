import type { Fleet } from "../../lib/sla/fleet.ts";
import { type Audience, audiencesOf } from "./address.ts";
import { asOf } from "./as-of.ts";
import type { SealedDays } from "./contract.ts";
import type { Heard } from "./heard.ts";
import type { Looked } from "./known.ts";
import type { Known, Scene } from "./view.ts";

/** Pages are written again so often, in plan seconds, so that whoever reads one sees whether it is alive. */
export const WRITTEN_EVERY_SECONDS = 900;

/** What pages show, and to whom. */
export function sceneOf(
  fleet: Fleet,
  known: readonly Known[],
  { silent, windows }: Pick<Heard, "silent" | "windows">,
  { now, pacer }: Looked,
  sealed: SealedDays | undefined,
): { readonly scene: Scene; readonly audiences: readonly Audience[] } {
  const stepMs = pacer.paced(WRITTEN_EVERY_SECONDS);
  const at = asOf(known, windows, now, stepMs);
  const here = new Set(known.map(({ instance }) => instance.id));
  return {
    scene: {
      ...{ fleet, known, silent, windows, at, now, everySeconds: stepMs / 1000 },
      ...(sealed && { sealed }),
    },
    audiences: audiencesOf(fleet, (id) => !here.has(id)),
  };
}
