import { type Creator, nameOf } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import { isObject } from "../template.ts";

const bucket: Creator = async (creation) => {
  const { properties, targets, region } = creation;
  if (properties["ObjectLockEnabled"] === true) {
    throw new AssemblyRefused("ObjectLockEnabled: a bucket with object lock is not deployed here");
  }
  const name = nameOf(creation, "BucketName").toLowerCase();
  const versioning = properties["VersioningConfiguration"];
  await targets.s3.createBucket(name, region, {
    versioning: isObject(versioning) && versioning["Status"] === "Enabled",
  });
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    },
  };
};

export const STORAGE = { "AWS::S3::Bucket": bucket } satisfies Record<string, Creator>;
