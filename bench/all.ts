// Every measured claim, one after the other: side by side they would measure each other.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { ending, finished } from "./drill/command.ts";
import { main, report, title } from "./print.ts";

/** Patroni is measured by the drill's bench, in the same run as what it is compared with. */
const BENCHES = [
  ...["bundles.ts", "adopt.ts", "adopt-http.ts", "backups.ts", "month.ts", "probe.ts"],
  ...["retention.ts", "backup-path.ts", "drill.ts", "first-day.ts", "region.ts"],
];
const TEST_SECONDS = 300;

await main(async () => {
  const broken: string[] = [];
  for (const file of BENCHES) if (!(await holds(file))) broken.push(file);
  if (!(await tests())) broken.push("npm test");
  title(broken.length === 0 ? "All claims hold." : `Broken: ${broken.join(", ")}`);
  return broken.length === 0;
});

/** A process each, so that none pays for the memory or the threads of another. */
async function holds(file: string): Promise<boolean> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  if (!existsSync(path)) throw new Error(`${basename(path)} is missing: nothing was measured`);
  if (file === "probe.ts") title("Probe: a batch of 2,000 targets");
  const child = spawn(process.execPath, [path], { stdio: "inherit" });
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("exit", (code) => done(code === 0));
  });
}

async function tests(): Promise<boolean> {
  title("npm test: wall time");
  const { code, seconds, output } = await finished("npm", ["test"], { within: TEST_SECONDS * 2 });
  if (code !== 0) console.log(`npm test: exit ${code}: ${ending(output)}`);
  const isQuick = report([{ what: "npm test", value: seconds, unit: "s", limit: TEST_SECONDS }]);
  return isQuick && code === 0;
}
