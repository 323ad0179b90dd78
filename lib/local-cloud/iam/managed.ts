import { PolicyRefused } from "./policy.ts";

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
const allow = (actions: readonly string[]) => ({
  Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
});

/** Policies of AWS's own, by the end of their ARN: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/ */
const POLICIES: Readonly<Record<string, object>> = {
  "service-role/AWSLambdaBasicExecutionRole": allow(LOGS),
  "service-role/AWSLambdaVPCAccessExecutionRole": allow([
    ...LOGS,
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ]),
  AdministratorAccess: allow(["*"]),
};

/** @throws PolicyRefused for one that is not in the table */
export function managedPolicy(arn: string, role: string): unknown {
  const found = POLICIES[arn.replace(/^arn:[^:]*:iam::aws:policy\//, "")];
  if (found) return found;
  throw new PolicyRefused(`role ${role}: the managed policy ${arn} is not known here`);
}
