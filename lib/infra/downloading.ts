import { Duration } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { type FunctionUrl, FunctionUrlAuthType } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import {
  DOWNLOAD_FUNCTION,
  type DownloadEnv,
  downloadRole,
} from "../../functions/download/contract.ts";
import { filesBucket } from "../../functions/files/contract.ts";
import { FILES, frozenBucket } from "../../functions/freeze/contract.ts";
import { ledgerBucket } from "../../functions/ledger/contract.ts";
import type { Frozen } from "../sla/fleet.ts";
import { DOWNLOADS_AT_ONCE } from "../sla/quotas.ts";
import type { SlaAlarm } from "./alarms.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import { sellsFiles } from "./file-grants.ts";
import type { SiteProps } from "./site.ts";

/** What is behind the links to frozen copies. The link is the key to it. */
export class Downloading extends Construct {
  readonly download: BundledFunction;
  readonly page: FunctionUrl;

  constructor(scope: Construct, id: string, site: SiteProps, frozen: Frozen) {
    super(scope, id);
    const { region } = site;
    const { account } = site.fleet.provider;
    const bucket = frozenBucket(frozen.account, region);
    const ledger = `arn:aws:s3:::${ledgerBucket(account, region)}`;
    const environment: DownloadEnv = { SLA_ACCOUNT: account, FROZEN_BUCKET: bucket };
    this.download = new BundledFunction(this, "Download", {
      name: DOWNLOAD_FUNCTION,
      onlyAnswers: true,
      roleName: downloadRole(region),
      bundles: site.bundles,
      description: "Leads links to the frozen copies that they were made for",
      environment: { ...environment },
      // The world may call it: what it signs is read with these rights.
      grants: [
        allow(["s3:GetObject"], [`${ledger}/links/*`, `${ledger}/fetches/*`]),
        allow(["s3:PutObject"], [`${ledger}/accesses/*`, `${ledger}/fetches/*`]),
        allow(["s3:GetObject"], [`arn:aws:s3:::${bucket}/*/${FILES.dump}`]),
        ...pairedGrants(site),
      ],
      timeout: Duration.seconds(30),
      // A few people click; the world may knock too, and gets no more than this.
      reserved: DOWNLOADS_AT_ONCE,
      memoryMb: 256,
    });
    this.page = this.download.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }
}

/** Versions that a link names, and never what is newest, nor a list. */
function pairedGrants({ fleet, region }: SiteProps): readonly PolicyStatement[] {
  if (!sellsFiles(fleet)) return [];
  const files = `arn:aws:s3:::${filesBucket(fleet.provider.account, region)}`;
  return [
    allow(
      ["s3:GetObjectVersion"],
      ["files", "manifests", "paths"].map((folder) => `${files}/${folder}/*`),
    ),
  ];
}

/** A customer gets an error page and tells nobody. */
export const downloadAlarms = ({ download }: Downloading): readonly SlaAlarm[] => [
  {
    name: "downloads-failing",
    means: "Somebody has followed a link to a frozen copy and got an error.",
    metric: download.function.metricErrors({ period: Duration.hours(1) }),
    ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
  },
];
