import type { Fleet } from "../../lib/sla/fleet.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import type { Answer, HookEvent } from "./contract.ts";
import { answerTo, type Sender } from "./round.ts";
import { signedHeaders } from "./signature.ts";

/** Sends one event that means nothing, signed as all are, once. Rejects with `NoSuchWebhook`. */
export async function sendTest(
  name: string,
  { provider: { webhooks = [] } }: Fleet,
  {
    clock,
    send,
    secrets,
    site,
  }: Pick<Sender, "send" | "secrets"> & {
    readonly clock: Clock;
    readonly site: string;
  },
): Promise<Answer> {
  const hook = webhooks.find((each) => each.name === name);
  if (!hook) {
    const known = webhooks.map((each) => each.name).join(", ");
    throw new SlaError("NoSuchWebhook", "operator", `'${name}': deployed are ${known}`);
  }
  const now = clock.now();
  const event: HookEvent = {
    version: 1,
    id: `test-${now.getTime()}`,
    ...{ type: "test", severity: "info", title: "a test", at: now.toISOString() },
    ...{ site, instance: "test", incident: "test" },
    lines: ["This is a test. Nothing happened."],
  };
  const body = JSON.stringify(event);
  const seconds = Math.floor(now.getTime() / 1000);
  return answerTo(async () => {
    const headers = signedHeaders({ id: event.id, body }, await secrets.read(hook.secret), seconds);
    return send({ url: hook.url, headers, body });
  });
}
