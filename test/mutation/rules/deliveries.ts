import type { Mutation } from "../mutation.ts";

const rule = (
  title: string,
  change: Omit<Mutation, "scenario">,
  file = "deliveries",
): Mutation => ({ ...change, scenario: { file, title } });
/** Of time that runs out, or has run out. */
const timing = (title: string, change: Omit<Mutation, "scenario">) =>
  rule(title, change, "delivery-timing");

export const DELIVERIES: readonly Mutation[] = [
  {
    name: "files that cannot be sent keep dumps away for a day",
    file: "functions/deliver/bring-files.ts",
    find: 'throw new SlaError("FilesTooSlow", ',
    replace: 'throw new SlaError("DeliveryTooSlow", ',
    scenario: {
      file: "delivered-files",
      title: "in the time of one invocation rest for a day; dumps do not",
    },
  },
  timing("is no fault of a line that has carried one: it goes on, and nobody is told", {
    name: "a destination that catches up is called too slow, and rests for a day",
    file: "functions/deliver/deliver.ts",
    find: 'fault.code !== "DeliveryTooSlow" || done.sent.length === 0',
    replace: 'fault.code !== ""',
  }),
  timing("is gone on with by the next one at once, and none is begun that has no time left", {
    name: "what is left over when time is out waits for a day",
    file: "functions/deliver/state.ts",
    find: "isIll || unfinished === true || ",
    replace: "isIll || ",
  }),
  timing("are told when two have stayed away, without a customer's door being knocked at for it", {
    name: "nobody hears that no dumps are made any more",
    file: "functions/deliver/timing.ts",
    find: "ageMs <= clock.paced",
    replace: "ageMs <= 1000 * clock.paced",
  }),
  rule("a dump that has a bit that fell over on its way is never kept there", {
    name: "a destination keeps what is not the dump that was frozen",
    file: "functions/deliver/seal.ts",
    find: "if (found.sha256 === expected.sha256 && found.bytes === expected.bytes) return;",
    replace: "if (found.bytes === expected.bytes) return;",
  }),
  rule("is kept to the newest 3 of what we sent, and nothing else goes", {
    name: "a destination is rid of the newest instead of the oldest",
    file: "functions/deliver/due.ts",
    find: ".slice(0, -Math.max(1, keep.newest))",
    replace: ".slice(keep.newest)",
  }),
  rule("of uploads that broke off is removed; what is not ours stays, whatever it is called", {
    name: "a destination is rid of what another has left there",
    file: "functions/deliver/names.ts",
    find: "/^\\d{4}-",
    replace: "/\\d{4}-",
  }),
  rule("has its credentials in no mail, no record, no report, whatever it answers", {
    name: "a destination can have our credentials mailed",
    file: "functions/deliver/deliver.ts",
    find: "throw withoutSecrets(cause, credentials);",
    replace: "throw cause;",
  }),
  rule("is sent by one of two that look at the same time", {
    name: "a destination is written to by two at once",
    file: "functions/deliver/state.ts",
    find: "return (await isOurs) ? state : undefined;",
    replace: "await isOurs;\n  return state;",
  }),
  rule("at write with DestinationFull is told once, and once more when it is over", {
    name: "a destination that fails is mailed every hour",
    file: "functions/deliver/telling.ts",
    find: "isDue && (known?.told !== failure.code || news !== undefined);",
    replace: "isDue;",
  }),
  rule("is sent again to another place, or for another key", {
    name: "a destination whose key has changed is left with what the old one opens",
    file: "functions/deliver/state.ts",
    find: " && recipient === destination.recipient;",
    replace: ' && recipient !== "";',
  }),
  rule("that was missed meanwhile is sent afterwards, the newest first", {
    name: "a destination never gets what was missed",
    file: "functions/deliver/due.ts",
    find: "return first !== undefined && copy.takenAt > first && !known.has(copy.backup);",
    replace: "return false;",
  }),
];
