import type { ObjectLock, Retention } from "../../s3/buckets.ts";
import { type Creator, nameOf, within } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import { isObject, type Properties } from "../template.ts";
import { putAbout } from "./iam.ts";

const bucket: Creator = async (creation) => {
  const { properties, targets, region } = creation;
  const lock = lockOf(properties);
  const name = nameOf(creation, "BucketName").toLowerCase();
  const versioning = properties["VersioningConfiguration"];
  // One that is there goes on with what it holds.
  if (creation.before?.created.ref !== name) {
    await targets.s3.createBucket(name, region, {
      versioning: isObject(versioning) && versioning["Status"] === "Enabled",
      ...(lock && { lock }),
    });
  }
  putAbout(creation, `arn:aws:s3:::${name}`, undefined);
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    },
  };
};

/** A default retention without ObjectLockEnabled is refused by AWS as well. */
function lockOf(properties: Properties): ObjectLock | undefined {
  const rule = within(within(properties, "ObjectLockConfiguration"), "Rule");
  const { Mode: mode, Days: days, Years: years } = within(rule, "DefaultRetention");
  if (properties["ObjectLockEnabled"] !== true) {
    if (mode === undefined) return undefined;
    throw new AssemblyRefused("ObjectLockConfiguration needs ObjectLockEnabled");
  }
  return {
    ...(mode !== undefined && { mode: mode as Retention["mode"] }),
    ...(days !== undefined && { days: Number(days) }),
    ...(years !== undefined && { years: Number(years) }),
  };
}

export const STORAGE = { "AWS::S3::Bucket": bucket } satisfies Record<string, Creator>;
