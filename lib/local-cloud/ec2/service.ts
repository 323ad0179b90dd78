import * as client from "@aws-sdk/client-ec2";
import type { CallContext, ServiceDefinition } from "../wire/service.ts";
import { idsOf } from "./filters.ts";
import { groupOperations } from "./group-operations.ts";
import type { ImageBook } from "./image-book.ts";
import { imageOperations } from "./image-operations.ts";
import { launchOperations } from "./launch-operations.ts";
import type { Machines } from "./machines.ts";
import { DEFAULT_REGIONS } from "./regions.ts";
import type { SecurityGroups } from "./security-groups.ts";
import type { Subnet, Subnets } from "./subnets.ts";

interface Ground {
  readonly account: string;
  readonly groups: SecurityGroups;
  readonly subnets: Subnets;
  readonly machines: Machines;
  readonly images: ImageBook;
}

/** EC2 as far as the networks of databases are looked at and their groups changed, and machines imaged, started and ended; it runs none. */
export function ec2Service({ account, groups, subnets, machines, images }: Ground): {
  readonly definition: ServiceDefinition;
} {
  return {
    definition: {
      name: "ec2",
      client,
      operations: {
        ...imageOperations(account, machines, images),
        ...launchOperations({ account, machines, images, groups, subnets }),
        ...groupOperations(account, groups, subnets),

        async DescribeSubnets(
          { SubnetIds, Filters }: client.DescribeSubnetsRequest,
          { region }: CallContext,
        ) {
          const wanted = SubnetIds ?? idsOf("subnet-id", Filters) ?? subnets.idsIn(region);
          const found = subnets.find(region, wanted).filter((each) => each !== undefined);
          return { Subnets: found.map(subnetOf) };
        },

        async DescribeRegions() {
          // One with a network of somebody has been switched on.
          const all = new Set([...DEFAULT_REGIONS, ...subnets.regions()]);
          const statusOf = (region: string) =>
            DEFAULT_REGIONS.includes(region) ? "opt-in-not-required" : "opted-in";
          return {
            Regions: [...all].map((RegionName) => ({
              ...{ RegionName, OptInStatus: statusOf(RegionName) },
            })),
          };
        },
      },
    },
  };
}

const subnetOf = ({ id, vpc, zone }: Subnet): client.Subnet => ({
  ...{ SubnetId: id, VpcId: vpc, AvailabilityZone: zone, State: "available" },
  ...{ MapPublicIpOnLaunch: false, AssignIpv6AddressOnCreation: false },
});
