import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { s3Showcase } from "../../../functions/aws/s3-showcase.ts";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { differences } from "../../../functions/status/publish.ts";
import { s3Service } from "../../../lib/local-cloud/s3/service.ts";
import { AwsError } from "../../../lib/local-cloud/wire/service.ts";
import { running, SECRET } from "../../local-cloud/wire/running.ts";

const REGION = "eu-west-1";
const BUCKET = "sla-status-111111111111-eu-west-1";
const TOKEN = "j2l0QX5hJF5zZIIG69y-Da991pVtkyKGoztnYq0aaaa";
const { definition, ...service } = s3Service({ secretAccessKey: SECRET });
let refuses = false;
const refusing = {
  ...definition,
  operations: {
    ...definition.operations,
    PutObject: async (...call: Parameters<NonNullable<(typeof definition.operations)[string]>>) => {
      const [{ Key }] = call;
      if (refuses)
        throw new AwsError("AccessDenied", `not authorized: arn:aws:s3:::${BUCKET}/${Key}`, 403);
      return definition.operations["PutObject"]?.(...call);
    },
  },
};
const cloud = await running([refusing]);

beforeAll(() => {
  vi.stubEnv("AWS_ENDPOINT_URL", cloud.url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", SECRET);
  vi.stubEnv("AWS_REGION", REGION);
  service.createBucket(BUCKET, REGION);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud.server.close();
});

const page = (body: string) => ({ body, type: "text/html; charset=utf-8" });

it("keeps pages with their types, and tells them apart without reading them", async () => {
  const showcase = s3Showcase(clockFrom({}), BUCKET);
  const files = new Map([
    ["index.html", page("<p>ä</p>")],
    [`c/${TOKEN}/index.html`, page("yours")],
  ]);
  for (const [key, file] of files) await showcase.put(key, file);
  expect(differences(files, await showcase.list())).toEqual({ put: [], remove: [] });
  expect(
    await definition.operations["HeadObject"]?.(
      { Bucket: BUCKET, Key: "index.html" },
      { region: REGION, requestId: "r" },
    ),
  ).toMatchObject({
    ContentType: "text/html; charset=utf-8",
    CacheControl: "public, max-age=60, stale-if-error=86400",
  });
  await showcase.remove(`c/${TOKEN}/index.html`);
  await showcase.remove(`c/${TOKEN}/index.html`);
  expect([...(await showcase.list()).keys()]).toEqual(["index.html"]);
});

it("tells nobody the address that it was refused", async () => {
  refuses = true;
  const put = s3Showcase(clockFrom({}), BUCKET).put(`c/${TOKEN}/index.html`, page("x"));
  await expect(put).rejects.toMatchObject({ code: "CloudRefused", blame: "operator" });
  await expect(put).rejects.not.toThrow(TOKEN);
  await expect(put).rejects.toThrow(/c\/…\/index\.html/);
});
