import * as client from "@aws-sdk/client-elastic-load-balancing-v2";
import type { CallContext, ServiceDefinition } from "../wire/service.ts";

/** Load balancers as far as somebody looks which there are: what answers behind their names is no part of this cloud. */
export interface Balancers {
  readonly definition: ServiceDefinition;
  /** `host` is its DNS name; its name is the first label. */
  add(region: string, host: string): void;
}

export function balancersService({ account }: { readonly account: string }): Balancers {
  const hosts = new Map<string, Set<string>>();
  const view = (region: string, DNSName: string): client.LoadBalancer => {
    const name = DNSName.split(".")[0] ?? DNSName;
    return {
      ...{ DNSName, LoadBalancerName: name, Type: "application", Scheme: "internet-facing" },
      LoadBalancerArn: `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/${name}/0`,
      State: { Code: "active" },
    };
  };
  return {
    add: (region, host) => hosts.set(region, (hosts.get(region) ?? new Set()).add(host)),
    definition: {
      name: "elasticloadbalancing",
      client,
      operations: {
        async DescribeLoadBalancers(_input: unknown, { region }: CallContext) {
          return {
            LoadBalancers: [...(hosts.get(region) ?? [])].map((host) => view(region, host)),
          };
        },

        async DescribeTags({ ResourceArns = [] }: client.DescribeTagsInput) {
          return {
            TagDescriptions: ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [] })),
          };
        },
      },
    },
  };
}
