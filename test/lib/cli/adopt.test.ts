import { expect, it } from "vitest";
import { typed } from "./typed.ts";

const EXAMPLE = ["--fleet", "examples/fleet.yaml"];

it.each([
  [[], /^sla: adopt: name instances of the fleet, or --all; --scan proposes a fleet\.yaml$/],
  [["--scan", "--regions", "eu-west-9"], /^sla: --regions: .*like eu-central-1.*got 'eu-west-9'$/],
  [["--scan", "--regions", ""], /^sla: --regions: .*got ''$/],
  [["--scan", "acme"], /^sla: --scan proposes a fleet and changes nothing: leave acme away$/],
  [["--scan", "--undo"], /^sla: --scan proposes .*: leave undo away$/],
  [["acme", "--regions", "eu-west-1"], /^sla: --regions: it goes with --scan$/],
  [["acme", "--all"], /^sla: --all: leave the names of instances away$/],
  [["acme", "--yes"], /^sla: --yes: it goes with --undo$/],
  [["acme", "--undo", "--yes", "--dry-run"], /^sla: --yes and --dry-run: give one of them$/],
  [["nobody", ...EXAMPLE], /^sla: the fleet has no 'nobody'; it has acme, birch, cedar$/],
  [["acme", "--through", "5432"], /^sla: --through: expected host:port, .* got '5432'$/],
  [["acme", "--through", "a:70000"], /^sla: --through: expected host:port, .* got 'a:70000'$/],
  [["acme", "birch", "--through", "a:1", ...EXAMPLE], /^sla: --through: a tunnel leads to one/],
])("sla adopt %j says in one line what it needs", async (args, line) => {
  const { exitCode, text } = await typed("adopt", ...args);
  expect(text).toMatch(line);
  expect(text).not.toContain("\n");
  expect(exitCode).toBe(2);
});
