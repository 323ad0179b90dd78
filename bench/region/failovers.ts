import { ASSESS } from "../../functions/failover/assess-steps.ts";
import {
  executionName,
  FAILOVER_FUNCTIONS,
  FAILOVER_MACHINE,
  type FailoverRequest,
} from "../../functions/failover/contract.ts";
import { FENCE } from "../../functions/failover/fence-steps.ts";
import { flip } from "../../functions/failover/flip.ts";
import { gate } from "../../functions/failover/gate.ts";
import { halted } from "../../functions/failover/halted.ts";
import { promote } from "../../functions/failover/promote.ts";
import { prove } from "../../functions/failover/prove.ts";
import { record } from "../../functions/failover/record.ts";
import { roles } from "../../functions/failover/roles.ts";
import { type StepEvent, take } from "../../functions/failover/step.ts";
import type { Clock } from "../../functions/kernel/clock.ts";
import type { ProbeAnswer, ProbeRequest } from "../../functions/probe/contract.ts";
import { failoverDefinition } from "../../lib/infra/failover-definition.ts";
import type { InvokeCall, InvokeOutcome } from "../../lib/local-cloud/lambda/function.ts";
import { Pace } from "../../lib/local-cloud/pace.ts";
import { statesService } from "../../lib/local-cloud/states/service.ts";
import type { Fleet } from "../../lib/sla/fleet.ts";
import { FAILOVERS_AT_ONCE, startNow } from "../../lib/sla/region-incident.ts";
import type { Cloud } from "./cloud.ts";
import type { StandinDatabases } from "./databases.ts";

export interface Ended {
  readonly instance: string;
  readonly status: string;
  /** From the loss of the region, plan seconds. */
  readonly seconds: number;
}

interface Bench {
  readonly fleet: Fleet;
  readonly site: string;
  readonly clock: Clock;
  readonly cloud: Cloud;
  readonly databases: StandinDatabases;
  readonly factor: number;
}

const LOOK_SECONDS = 15;

/** All of them at once, as the watch starts them: look by look, in order, no more under way than it allows. */
export async function failOverAll(
  bench: Bench,
  requests: readonly FailoverRequest[],
): Promise<readonly Ended[]> {
  const { cloud, clock, factor, fleet, site } = bench;
  const states = statesService({
    log: cloud.log,
    pace: new Pace(factor),
    account: fleet.provider.account,
    functions: { invoke: (call) => invoke(bench, call) },
  });
  const definition = JSON.stringify(
    failoverDefinition((name) => `arn:aws:lambda:${site}:x:function:${name}`),
  );
  const machine = states.deploy({ region: site, name: FAILOVER_MACHINE, definition });
  const begun = clock.now().getTime();
  const ended: Ended[] = [];
  const waiting = new Set(requests.map((request) => ({ ...request, rtoSeconds: 1800 })));
  let underWay = 0;
  while (ended.length < requests.length) {
    for (const due of startNow([...waiting], underWay, FAILOVERS_AT_ONCE)) {
      waiting.delete(due);
      underWay += 1;
      const { rtoSeconds: _, ...request } = due;
      const execution = states.start(
        machine,
        JSON.stringify(request),
        "Root=1-5f-a",
        executionName(request),
      );
      void execution.ended.then(({ status }) => {
        underWay -= 1;
        const seconds = (clock.now().getTime() - begun) / clock.paced(1);
        ended.push({ instance: request.instance, status, seconds });
      });
    }
    await clock.wait(LOOK_SECONDS);
  }
  await states.close();
  return ended;
}

async function invoke(bench: Bench, call: InvokeCall): Promise<InvokeOutcome> {
  try {
    const next = await step(bench, call.name, JSON.parse(call.payload) as StepEvent);
    return { kind: "answered", payload: JSON.stringify(next) };
  } catch (cause) {
    const { name: errorType, message: errorMessage } = cause as Error;
    return { kind: "failed", error: { errorType, errorMessage } };
  }
}

/** As the handlers wire them, in one process: what is measured is the cloud they share, not their start. */
function step({ fleet, site, clock, cloud, databases }: Bench, fn: string, event: StepEvent) {
  const here = { region: site, fleet, ledgers: cloud.ledgers, clock };
  const sees = { registry: databases, sql: databases };
  const messenger = { notify: async () => {} };
  const executions = { isRunning: async () => false };
  const fence = { admitOnly: lost, reboot: lost };
  const vantages = {
    probe: (vantage: string, asked: ProbeRequest) => probe(cloud, vantage, asked),
  };
  switch (fn) {
    case FAILOVER_FUNCTIONS.assess:
      return take(ASSESS, { ...here, ...sees, vantages, messenger, executions }, event);
    case FAILOVER_FUNCTIONS.fence:
      return take(FENCE, { ...here, ...sees, fence }, event);
    case FAILOVER_FUNCTIONS.promote:
      return take({ promote, gate }, { ...here, ...sees, standby: databases }, event);
    case FAILOVER_FUNCTIONS.flip: {
      const { oracle } = cloud;
      return take(
        { flip, prove },
        {
          ...here,
          signpost: cloud.signpost(),
          oracle,
          vantages,
          stopChecks: { named: async () => [], seen: async () => undefined },
        },
        event,
      );
    }
    default:
      return take(
        { roles, record, halted },
        { ...here, messenger, reprotects: { start: async () => {} } },
        event,
      );
  }
}

const lost = async () => "wrong-state" as const;

/** Good as soon as DNS leads to the standby's side. */
async function probe(
  cloud: Cloud,
  vantage: string,
  { targets }: ProbeRequest,
): Promise<ProbeAnswer> {
  const results = await Promise.all(
    targets.map(async ({ id }) => {
      const good = (await cloud.cname(`${id}.example.ch`))?.startsWith(`${id}-1.`) ?? false;
      return { id, good, tookMs: 5, ...(!good && { reason: "no answer" }) };
    }),
  );
  return { vantage, blind: false, results };
}
