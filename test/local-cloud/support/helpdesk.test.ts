import { execFile } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { App } from "aws-cdk-lib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readFleet } from "../../../lib/fleet/parse.ts";
import { bundleFunctions } from "../../../lib/infra/bundles.ts";
import { cacheDirectory } from "../../../lib/infra/cache-directory.ts";
import { PagesStack } from "../../../lib/infra/pages-stack.ts";
import { rememberValidation } from "../../../lib/infra/remembered-validation.ts";
import { SiteStack } from "../../../lib/infra/site-stack.ts";
import { LocalCloud } from "../../../lib/local-cloud/cloud.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { slaIn } from "../../cli/sla.ts";
import { ISSUER } from "../freeze/frozen-site.ts";
import { type Issuer, issuerIn } from "../freeze/issuer.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const FILE = "examples/fleet.yaml";
const written = readFleet(FILE);
const fleet: Fleet = {
  ...written,
  provider: {
    ...written.provider,
    helpdesk: { issuer: ISSUER, audience: ["tickets"], scope: "tickets:write" },
  },
  customers: { issuer: ISSUER, audience: ["hosting-sla"], claim: "sub" },
  instances: written.instances.map((each) => ({ ...each, customers: [`owner of ${each.id}`] })),
};
const REGION = fleet.control;

let cloud: LocalCloud;
let issuer: Issuer;
let directory = "";
const doors = new Map<string, readonly string[]>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "helpdesk-"));
  cloud = await LocalCloud.start({
    ...{ account: fleet.provider.account, pace: 1 },
    directory: join(directory, "cloud"),
  });
  const { securityGroup, quarantineGroup = "" } = fleet.sites[REGION] ?? {};
  for (const group of [securityGroup, quarantineGroup]) {
    if (group) cloud.ground.groups.create(REGION, group);
  }
  await cloud.services.deploy(await assembly());
  issuer = await issuerIn(cloud);
});
afterAll(async () => {
  issuer?.close();
  await cloud?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Control alone: its mirror does not answer, as if its region were away. */
async function assembly(): Promise<string> {
  const outdir = join(directory, "cdk.out");
  const app = new App({ outdir, context: JSON.parse(readFileSync("cdk.json", "utf8")).context });
  rememberValidation(app, cacheDirectory(process.cwd(), "validated"));
  const fleetFile = join(directory, "fleet.json");
  writeFileSync(fleetFile, JSON.stringify(fleet));
  const bundles = await bundleFunctions(process.cwd());
  const common = { fleet, fleetFile, fleetKey: "fleet/x.json", shards: ["s00"], bundles };
  new SiteStack(app, { ...common, region: REGION });
  new PagesStack(app, { ...common, region: REGION });
  app.synth();
  return outdir;
}

/** How curl finds and believes the API on this machine. */
async function wayTo(host: string): Promise<readonly string[]> {
  const known = doors.get(host);
  if (known) return known;
  const resolver = new Resolver();
  resolver.setServers(cloud.ground.dnsServers);
  const [address = ""] = await resolver.resolve4(host);
  const ca = join(cloud.ground.directory, "ca.pem");
  const way = ["--connect-to", `${host}:443:${address}:8443`, "--cacert", ca];
  doors.set(host, way);
  return way;
}

async function call(api: string, token: string, path: string, body?: object) {
  const base = cloud.services.apiEndpoint(REGION, api) ?? "";
  const args = [
    ...["--silent", "--show-error", "-w", "\n%{http_code}"],
    ...(await wayTo(new URL(base).hostname)),
    ...["-H", `Authorization: Bearer ${token}`],
    ...(body ? ["-d", JSON.stringify(body)] : []),
  ];
  const { stdout } = await promisify(execFile)("curl", [...args, `${base}${path}`]);
  const [text = "", status = ""] = stdout.split(/\n(?=\d+$)/);
  return { status: Number(status), said: JSON.parse(text) };
}

const desk = () => issuer.tokenOf("desk-7", "tickets", { scope: "tickets:write" });
const OPENING = { id: "HD-1", instance: "acme", priority: "P2" };

it("a helpdesk opens, answers and closes a ticket, which sla ticket then shows", async () => {
  const token = await desk();
  const opened = await call("sla-helpdesk", token, "/tickets", OPENING);
  expect([opened.status, opened.said.events?.[0]?.by]).toEqual([201, "helpdesk desk-7"]);
  expect((await call("sla-helpdesk", token, "/tickets", OPENING)).status).toBe(200);
  const other = { ...OPENING, priority: "P1" };
  expect((await call("sla-helpdesk", token, "/tickets", other)).status).toBe(409);
  const wrong = await call("sla-helpdesk", token, "/tickets", { ...OPENING, text: "Dear Sirs" });
  expect([wrong.status, wrong.said.error.place]).toEqual([400, "text"]);
  const reply = { id: "1", kind: "person" };
  expect((await call("sla-helpdesk", token, "/tickets/HD-1/replies", reply)).status).toBe(201);
  const listed = await call("sla-helpdesk", token, "/tickets?open");
  expect(listed.said.tickets.map(({ id }: { id: string }) => id)).toEqual(["HD-1"]);
  expect((await call("sla-helpdesk", token, "/tickets/HD-1/close", {})).status).toBe(201);
  expect((await call("sla-helpdesk", token, "/tickets?open")).said.tickets).toEqual([]);

  const { url, ground } = cloud;
  const env = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: ground.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ground.credentials.secretAccessKey,
  };
  const { stdout } = await slaIn(env, "ticket", "list", "--all", "--json", "--fleet", FILE);
  const [ticket] = JSON.parse(stdout).tickets;
  expect(ticket.events.map(({ kind }: { kind: string }) => kind)).toEqual([
    ...["opened", "replied", "closed"],
  ]);
});

it("no customer's token opens a ticket, and no helpdesk's a download", async () => {
  const customer = await issuer.tokenOf("owner of acme");
  const scoped = await issuer.tokenOf("owner of acme", "tickets", { scope: "tickets:write" });
  const reading = await issuer.tokenOf("desk-7", "tickets", { scope: "tickets:read" });
  for (const path of ["/tickets?open", "/tickets/HD-1"]) {
    expect((await call("sla-helpdesk", customer, path)).status).toBe(401);
    expect((await call("sla-helpdesk", reading, path)).status).toBe(403);
    expect((await call("sla-helpdesk", scoped, path)).status).toBe(403);
  }
  const token = await desk();
  for (const path of ["/instances", "/instances/acme/copies", "/instances/acme/downloads"]) {
    expect((await call("sla-customers", token, path)).status).toBe(401);
  }
});
