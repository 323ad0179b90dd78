import type { Mutation } from "../mutation.ts";

const scenario = (title: string) => ({ file: "month-settled", title });
const MINUTES = "lib/sla/books/minute-sheet.ts";
const LOOKS = "lib/sla/books/look-sheet.ts";
const BLIND = scenario("knows nothing of minutes in which most vantages were blind");

const claimed = (title: string) => ({ file: "month-claims", title });
const WINDOW = "lib/sla/books/window-counts.ts";

export const BOOKS: readonly Mutation[] = [
  {
    name: "a good look hides a bad one of the same minute",
    file: LOOKS,
    find: 'yield (mark & MARKS.down) === 0 ? "up" : "down";',
    replace: 'yield (mark & MARKS.up) === 0 ? "down" : "up";',
    scenario: scenario("counts what was too short for an incident"),
  },
  {
    name: "a minute that nobody saw counts as up",
    file: MINUTES,
    find: 'state: STATES.find((each) => open[each] > 0) ?? "unobserved",',
    replace: 'state: STATES.find((each) => open[each] > 0) ?? "up",',
    scenario: BLIND,
  },
  {
    name: "a month is proven whatever nobody saw",
    file: "lib/sla/books/availability.ts",
    find: "return best === heldBy(",
    replace: "return best !== null || best === heldBy(",
    scenario: BLIND,
  },
  {
    name: "a look without a majority counts as up",
    file: LOOKS,
    find: 'return recorded === "up" && counted === "up" ? "up" : "unknown";',
    replace: 'return "up";',
    scenario: BLIND,
  },
  {
    name: "a verdict is believed whatever its votes were",
    file: LOOKS,
    find: 'if (recorded === "down" || counted === "down") return "down";',
    replace: 'if (recorded === "up") return "up";',
    scenario: scenario("is not talked round by somebody who changes verdicts afterwards"),
  },
  {
    name: "a record counts under whatever key it lies",
    file: "functions/report/day-book.ts",
    find: "keys.round(slot, record.shard) !== key || ",
    replace: "",
    scenario: scenario("does not count a good minute again under the key of a bad one"),
  },
  {
    name: "maintenance counts however late it was announced",
    file: WINDOW,
    find: 'if (kind === "planned" && window.announcedMs > latestNotice(window, plan)) {',
    replace: "if (latestNotice(window, plan) === undefined) {",
    scenario: claimed("counts all of a window that was announced too late, and says so"),
  },
  {
    name: "a window may be dated back",
    file: "lib/sla/books/window.ts",
    find: "writtenAt === undefined ? 0 : Date.parse(writtenAt)",
    replace: 'writtenAt === "" ? 1 : 0',
    scenario: claimed("goes by when a ledger took it, and says so where its record says otherwise"),
  },
  {
    name: "a window that was changed in one ledger counts",
    file: "lib/sla/books/window.ts",
    find: ".size > 1) return undefined;",
    replace: ".size > 9) return undefined;",
    scenario: claimed("believes no record that was changed, torn or put under another's key"),
  },
  {
    name: "what is argued is not shown beside what was",
    file: "lib/books/month-counts.ts",
    find: "withoutExclusions: countedIntervals(seen, { maintenance, excluded: [] }),",
    replace:
      "withoutExclusions: countedIntervals(seen, { maintenance, excluded: spansOf(annotations) }),",
    scenario: claimed("shows both figures, and what was said by whom"),
  },
  {
    name: "what was taken back still counts",
    file: "lib/books/month-counts.ts",
    find: "if (each.overtaken || !valid.has(each)) return",
    replace: "if (each.overtaken || valid.has(undefined)) return",
    scenario: claimed("goes by the last word, in whichever ledger it is"),
  },
  {
    name: "a cause that was not sold is left out",
    file: "lib/sla/books/annotation.ts",
    find: 'if (!causesOf(plan).includes(cause)) return not("not-sold");',
    replace: 'if (plan.name === "") return not("not-sold");',
    scenario: claimed("does not count a cause that is not sold"),
  },
];
