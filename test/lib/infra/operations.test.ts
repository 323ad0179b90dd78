import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { ENTRIES } from "../../../lib/infra/functions.ts";
import { leanSdk } from "../../../lib/infra/lean-sdk.ts";
import { grantsByHolder, templates } from "./templates.ts";

/** Actions of the operations that are called otherwise. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  "lambda:Invoke": ["lambda:InvokeFunction"],
  "s3:CompleteMultipartUpload": ["s3:PutObject"],
  "s3:CopyObject": ["s3:GetObject", "s3:PutObject"],
  "s3:CreateMultipartUpload": ["s3:PutObject"],
  // The client's own, for buckets of a kind that nobody has.
  "s3:CreateSession": [],
  "s3:DeleteObjects": ["s3:DeleteObject"],
  "s3:HeadObject": ["s3:GetObject"],
  "s3:ListMultipartUploads": ["s3:ListBucketMultipartUploads"],
  "s3:ListObjectsV2": ["s3:ListBucket"],
  "s3:ListObjectVersions": ["s3:ListBucketVersions"],
  "s3:UploadPart": ["s3:PutObject"],
  "s3:UploadPartCopy": ["s3:GetObject", "s3:PutObject"],
};
const PREFIXES: Readonly<Record<string, string>> = {
  "route-53": "route53",
  "secrets-manager": "secretsmanager",
  sesv2: "ses",
  sfn: "states",
};

/** Where the fleet has clusters, which that of the tests has not: test/lib/infra/clusters.test.ts. */
const CLUSTERS = ["rds:DescribeDBClusters", "rds:DescribeGlobalClusters"];
const CLUSTERS_FENCED = [...CLUSTERS, "rds:FailoverDBCluster", "rds:ModifyDBCluster"];

/** In a bundle with the rest of what it stands beside, and never called there, or not with our rights. */
const NOT_ASKED: Readonly<Record<string, readonly string[]>> = {
  // They only read ledgers.
  "sla-beat": [...CLUSTERS, "s3:PutObject"],
  "sla-reprotect-build": [...CLUSTERS, "rds:ModifyDBCluster", "s3:PutObject"],
  "sla-watch": CLUSTERS,
  "sla-failover-assess": CLUSTERS,
  "sla-failover-fence": CLUSTERS_FENCED,
  "sla-debts": CLUSTERS_FENCED,
  "sla-failover-promote": [
    ...CLUSTERS,
    ...["rds:FailoverDBCluster", "rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"],
  ],
  "sla-seals": ["s3:PutObject"],
  "sla-subscriptions": ["s3:PutObject"],
  // The world calls these: they know their keys and list nothing.
  "sla-approve": ["s3:ListBucket"],
  "sla-download": ["s3:ListBucket"],
  "sla-flag": ["s3:ListBucket", "s3:PutObject"],
  // In the customer's bucket, with the customer's rights.
  "sla-deliver": ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListBucketMultipartUploads"],
  // It looks at checks that records name, and looks for none.
  "sla-records": [...CLUSTERS, "route53:ListHealthChecks"],
  // It looks at a backup and deletes none.
  "sla-restore": ["rds:DeleteDBSnapshot"],
  // Where the fleet sells images of machines.
  "sla-backups": ["ec2:DescribeImages", "ec2:DescribeSnapshots"],
  // Where permissions go by tags.
  "sla-ledger-publish": ["rds:DescribeDBInstances"],
  // It looks whether secrets are there and opens none; at parameters where the fleet has engines whose standby hangs on them; at networks
  // where it sells tests of images.
  "sla-live": [
    ...CLUSTERS,
    ...["ec2:DescribeSecurityGroups", "ec2:DescribeSubnets"],
    "rds:DescribeDBParameterGroups",
    "rds:DescribeDBParameters",
    "secretsmanager:GetSecretValue",
  ].toSorted(),
  // Where the fleet has a sender for reports.
  "sla-report": ["ses:SendEmail"],
};

/** Operations of the SDK that are in each function's bundle. */
async function operations(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    entryPoints: Object.entries(ENTRIES).map(([name, entry]) => ({
      in: join("functions", `${entry}.handler.ts`),
      out: `${name}/index`,
    })),
    ...{ outdir: "never-written", write: false, metafile: true, bundle: true, minify: true },
    ...{ platform: "node", format: "esm", mainFields: ["module", "main"] },
    ...{ external: ["pg-native"], plugins: [leanSdk], logLevel: "silent" },
  });
  const command = /@aws-sdk\/client-([\w-]+)\/dist-es\/commands\/(\w+)Command\.js$/;
  return new Map(
    Object.entries(metafile.outputs).map(([file, { inputs }]) => [
      file.split("/").at(-2) ?? file,
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => {
        const [, client = "", operation] = bytesInOutput > 0 ? (command.exec(path) ?? []) : [];
        return operation === undefined ? [] : [`${PREFIXES[client] ?? client}:${operation}`];
      }),
    ]),
  );
}

/** Actions by function, in any of its regions: not every site has a primary. */
function allowed(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [holder, grants] of [...templates.values()].flatMap((each) => [
    ...grantsByHolder(each),
  ])) {
    const actions = grants.flatMap(({ effect, action }) => (effect === "Allow" ? [action] : []));
    found.set(holder, new Set([...(found.get(holder) ?? []), ...actions]));
  }
  return found;
}

it("every operation that a function carries is granted to it, or known not to be asked for", async () => {
  const found = await operations();
  expect(found.get("sla-snapshot")).toContain("rds:CreateDBSnapshot");
  const missing = [...allowed()].map(([holder, actions]) => {
    const needed = (found.get(holder) ?? []).flatMap((each) => ACTIONS[each] ?? [each]);
    return [holder, [...new Set(needed)].filter((action) => !actions.has(action)).toSorted()];
  });
  const lacking = missing.filter(([, actions]) => actions && actions.length > 0);
  expect(Object.fromEntries(lacking)).toEqual(NOT_ASKED);
}, 120_000);
