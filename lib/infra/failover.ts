import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
} from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import {
  FAILOVER_FUNCTIONS,
  FAILOVER_MACHINE,
  type FailoverFunction,
} from "../../functions/failover/contract.ts";
import { allow, BundledFunction } from "./bundled-function.ts";
import { failoverDefinition, STEP_SECONDS } from "./failover-definition.ts";
import type { SiteProps } from "./site.ts";
import { explainWildcards } from "./wildcards.ts";

const WHAT: Record<FailoverFunction, string> = {
  assess: "Reads and judges: may this failover go on?",
  ask: "Asks a person whether this failover may go on",
  fence: "Changes the network of the old primary, and nothing else",
  promote: "Promotes the standby and proves it by a committed write",
  flip: "Writes the instance's DNS records and proves the answers",
  record: "Writes roles, locks and evidence into the ledgers",
};

/** Recovers an instance from this site: the machine, and one function per privilege. */
export class Failover extends Construct {
  readonly machine: StateMachine;
  readonly functions: readonly BundledFunction[];

  constructor(scope: Construct, id: string, site: SiteProps) {
    super(scope, id);
    const { account } = site.fleet.provider;
    this.functions = (Object.keys(FAILOVER_FUNCTIONS) as FailoverFunction[]).map(
      (by) =>
        new BundledFunction(this, by, {
          name: FAILOVER_FUNCTIONS[by],
          bundles: site.bundles,
          description: WHAT[by],
          environment: site.environment,
          grants: site.grants.failover[by],
          timeout: Duration.seconds(STEP_SECONDS.function),
          memoryMb: 512,
        }),
    );
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("states.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": account } },
      }),
    });
    role.addToPolicy(
      allow(
        ["lambda:InvokeFunction"],
        this.functions.map((each) => each.function.functionArn),
      ),
    );
    const definition = failoverDefinition(
      (name) => `arn:aws:lambda:${site.region}:${account}:function:${name}`,
    );
    this.machine = new StateMachine(this, "Machine", {
      stateMachineName: FAILOVER_MACHINE,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(JSON.stringify(definition)),
      role,
      // What steps hand on holds names, places and instants, no secret.
      logs: { destination: log(this), level: LogLevel.ALL, includeExecutionData: true },
      tracingEnabled: true,
    });
    // CDK lets the role deliver logs and traces, for which AWS knows no narrower resource.
    explainWildcards(role, ["*"]);
    this.machine.node.addDependency(...this.functions);
  }
}

const log = (scope: Construct) =>
  new LogGroup(scope, "Log", {
    // Under this prefix AWS needs no resource policy that grows with every log group.
    logGroupName: `/aws/vendedlogs/states/${FAILOVER_MACHINE}`,
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
