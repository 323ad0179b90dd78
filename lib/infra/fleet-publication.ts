import { CustomResource, Duration } from "aws-cdk-lib";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { Construct } from "constructs";
import { PUBLISH_FUNCTION, type PublishProperties } from "../../functions/ledger/contract.ts";
import { databaseArns } from "../sla/database-arns.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";

/** Puts the checked fleet and first roles into the ledger whenever the fleet changes. */
export class FleetPublication extends Construct {
  constructor(scope: Construct, id: string, site: SiteProps, ledger: Bucket) {
    super(scope, id);
    const asset = new Asset(this, "Fleet", { path: site.fleetFile });
    const publish = new BundledFunction(this, "Publish", {
      name: PUBLISH_FUNCTION,
      bundles: site.bundles,
      description: "Puts the checked fleet into this site's ledger",
      environment: site.environment,
      grants: [
        ...site.grants.publish,
        allow(["s3:GetObject"], [asset.bucket.arnForObjects(asset.s3ObjectKey)]),
      ],
      timeout: Duration.minutes(5),
      memoryMb: 256,
    });
    const properties: PublishProperties = {
      assetBucket: asset.s3BucketName,
      assetKey: asset.s3ObjectKey,
      fleetKey: site.environment.FLEET_KEY,
      permissions: databaseArns(site.fleet).byTag ? "tags" : "names",
    };
    const published = new CustomResource(this, "Published", {
      resourceType: "Custom::SlaFleet",
      serviceToken: publish.function.functionArn,
      properties: { ...properties },
    });
    // The bucket and the role's policy come first, or the first deployment fails by chance.
    published.node.addDependency(ledger, publish);
  }
}
