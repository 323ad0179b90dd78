import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  FILES,
  FREEZE_CLUSTER,
  frozenBucket,
  taskFamily,
} from "../../functions/freeze/contract.ts";
import { RESTORE_SECRET } from "../../functions/restore/contract.ts";
import type { DumpedEngine } from "../sla/dump-formats.ts";
import type { Frozen } from "../sla/fleet.ts";
import { allow } from "./bundled-function.ts";
import { repositoriesOf } from "./freeze-task.ts";

interface Place {
  readonly account: string;
  readonly region: string;
  readonly frozen: Frozen;
  /** Of which dumps are made. */
  readonly engines: readonly DumpedEngine[];
}

/** The task writes and reads nothing; the function reads and writes no dump; neither deletes or changes a lock. */
export function freezeGrants({ account, region, frozen, engines }: Place): {
  readonly task: readonly PolicyStatement[];
  readonly execution: readonly PolicyStatement[];
  readonly function: readonly PolicyStatement[];
} {
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${region}:${account}:${resource}`;
  const at = `arn:aws:s3:::${frozenBucket(frozen.account, region)}`;
  const cluster = arn("ecs", `cluster/${FREEZE_CLUSTER}`);
  const written = Object.values(FILES).map((file) => `${at}/*/${file}`);
  return {
    task: [allow(["s3:PutObject", "s3:AbortMultipartUpload"], written)],
    execution: [
      allow(
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        [arn("logs", `log-group:/aws/ecs/${FREEZE_CLUSTER}:*`)],
      ),
      allow(
        ["secretsmanager:GetSecretValue"],
        [arn("secretsmanager", `secret:${RESTORE_SECRET}-??????`)],
      ),
      allow(["ecr:GetAuthorizationToken"], ["*"]),
      // The first pull of an image puts it into the account's own registry.
      allow(
        [
          ...["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
          ...["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"],
        ],
        repositoriesOf(engines).map((repository) => arn("ecr", `repository/${repository}`)),
      ),
    ],
    function: [
      allow(
        ["ecs:RunTask"],
        engines.map((engine) => arn("ecs", `task-definition/${taskFamily(engine)}:*`)),
        { ArnEquals: { "ecs:cluster": cluster } },
      ),
      allow(["ecs:DescribeTasks"], [arn("ecs", `task/${FREEZE_CLUSTER}/*`)]),
      allow(["s3:GetObject", "s3:GetObjectRetention"], [`${at}/*`]),
      allow(["s3:ListBucket"], [at]),
      allow(["s3:PutObject"], [`${at}/*/manifest.json`]),
    ],
  };
}
