/** Inputs that say what a call was about. Nothing here can carry a secret or a body. */
const TELLING = [
  "Bucket",
  "Key",
  "DBInstanceIdentifier",
  "SourceDBInstanceIdentifier",
  "DBSnapshotIdentifier",
  "HostedZoneId",
  "HealthCheckId",
  "Id",
  "FunctionName",
  "InvocationType",
  "Name",
  "name",
  "GroupName",
  "executionArn",
  "stateMachineArn",
  "SecretId",
  "TopicArn",
  "Namespace",
] as const;

const LONGEST = 200;

/** The identifying inputs of a call, for the event log. */
export function summaryOf(input: unknown): Record<string, string> {
  const values = (input ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    TELLING.flatMap((name) => {
      const value = values[name];
      return typeof value === "string" ? [[name, value.slice(0, LONGEST)]] : [];
    }),
  );
}
