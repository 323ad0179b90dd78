import { describe, expect, it } from "vitest";
import { imageLines } from "../../../lib/operator/image-lines.ts";
import { imageView } from "../../../lib/operator/image-view.ts";
import { backupId, type Listed, tagsOf } from "../../../lib/sla/backups/catalogue.ts";
import type { Plan } from "../../../lib/sla/plan.ts";
import { Bureau, HOME, STANDBY } from "../../fakes/operator-access.ts";

const DAY_MS = 86_400_000;
const VERSIONS: Plan["backups"] = {
  ...{ contents: ["database"], schedules: [{ every: "1d", keepNewest: 2 }] },
  instanceVersions: 2,
};

function nights(bureau: Bureau, region: string, count: number): Listed[] {
  const midnight = Math.floor(bureau.clock.now().getTime() / DAY_MS) * DAY_MS;
  return Array.from({ length: count }, (_, index) => {
    const tickMs = midnight - index * DAY_MS + 3 * 3_600_000;
    return {
      ...{ id: backupId("acme", tickMs), region, status: "available", isCopy: region !== HOME },
      takenAt: new Date(tickMs).toISOString(),
      tags: tagsOf({ instance: "acme", schedules: ["versions"], tickMs }),
    };
  });
}

async function seen(
  held: Readonly<Record<string, number>>,
  machines: Readonly<Record<string, string>> | undefined = { [HOME]: "i-0a1b2c3d" },
  backups: Plan["backups"] = VERSIONS,
) {
  const bureau = new Bureau();
  for (const [name, plan] of Object.entries(bureau.fleet.plans)) {
    Object.assign(bureau.fleet.plans, { [name]: { ...plan, backups } });
  }
  const [acme] = bureau.fleet.instances;
  if (!acme) throw new Error("the fleet is empty");
  const list = async (region: string) => {
    const count = held[region];
    if (count === undefined) throw new Error("no answer");
    return nights(bureau, region, count);
  };
  const instance = { ...acme, copies: [STANDBY], machines: machines ?? {} };
  return imageView(bureau, instance, { list });
}

const textOf = async (...asked: Parameters<typeof seen>) => {
  const view = await seen(...asked);
  return view ? imageLines(view, "Europe/Zurich").join(" ").replace(/\s+/g, " ") : "";
};

describe("the images of an instance", () => {
  it("say how many are sold, how many each place has, why each stays, and what is next", async () => {
    const text = await textOf({ [HOME]: 3, [STANDBY]: 1 });
    expect(text).toContain(
      `of the complete instance, i-0a1b2c3d in ${HOME}; 2 versions sold: 3 in ${HOME}, 1 in ${STANDBY}`,
    );
    expect(text).toMatch(/04:00 yes yes schedule versions, the newest/);
    expect(text).toMatch(/next copy sla-acme-\d{8}t030000z from/);
  });

  it("say which place does not answer, and of which none are counted", async () => {
    const text = await textOf({ [HOME]: 1 });
    expect(text).toContain(`${STANDBY} does not answer about images`);
    expect(text).toContain(`2 versions sold: 1 in ${HOME} `);
    expect(text).toMatch(/04:00 yes \? schedule versions/);
  });

  it("say that the fleet names no machine where the primary is", async () => {
    expect(await textOf({ [HOME]: 0, [STANDBY]: 0 }, {})).toContain(
      `no machine is named in ${HOME}`,
    );
  });

  it("fit into 80 columns", async () => {
    const view = await seen({ [HOME]: 3, [STANDBY]: 1 });
    for (const line of view ? imageLines(view, "Europe/Zurich") : []) {
      expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it("are nothing to speak of where none are sold", async () => {
    const { instanceVersions: _, ...plain } = VERSIONS;
    expect(await seen({}, { [HOME]: "i-0a1b2c3d" }, plain)).toBeUndefined();
  });
});
