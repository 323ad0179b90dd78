import { resourcesOf, templateOf } from "./templates.ts";

/** One call to S3 as IAM sees it. */
export interface S3Call {
  readonly action: string;
  /** Key of an object, or none for the bucket itself. */
  readonly key?: string;
  readonly by: string;
  /** Of the retention that it asks for. */
  readonly days?: number;
  /** Only if nothing lies there. */
  readonly ifNoneMatch?: true;
  /** Of what is listed. */
  readonly prefix?: string;
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Principal: unknown;
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const BUCKET = "arn:aws:s3:::sla-frozen-222222222222-eu-west-1";

/** The bucket's policy, with references to the bucket replaced by its ARN. */
const statements = (): readonly Statement[] => {
  const [policy] = resourcesOf(templateOf("SlaFrozen-eu-west-1"), "AWS::S3::BucketPolicy").filter(
    ({ Properties }) => !JSON.stringify(Properties["PolicyDocument"]).includes("logging.s3"),
  );
  const text = JSON.stringify(policy?.Properties["PolicyDocument"])
    .replaceAll(/\{"Fn::GetAtt":\["Frozen[0-9A-F]+","Arn"\]\}/g, `"${BUCKET}"`)
    .replaceAll(/\{"Fn::Join":\["",\["(arn:[^"]+)","([^"]+)"\]\]\}/g, '"$1$2"');
  return (JSON.parse(text) as { readonly Statement: readonly Statement[] }).Statement;
};

/**
 * What the policy alone says to a call over TLS, as IAM evaluates it: a refusal counts before a permission. It knows the
 * operators that this policy uses and throws for others.
 */
export function verdictOn(call: S3Call): "Allow" | "Deny" | "says nothing" {
  const applying = statements().filter((statement) => applies(statement, call));
  if (applying.some(({ Effect }) => Effect === "Deny")) return "Deny";
  return applying.length > 0 ? "Allow" : "says nothing";
}

function applies({ Action, Resource, Principal, Condition = {} }: Statement, call: S3Call) {
  const resource = call.key === undefined ? BUCKET : `${BUCKET}/${call.key}`;
  const account = call.by.split(":")[4] ?? "";
  const named = JSON.stringify(Principal);
  return (
    [Action].flat().some((action) => like(action, call.action)) &&
    [Resource].flat().some((pattern) => like(String(pattern), resource)) &&
    (named.includes('"*"') || named.includes(`:${account}:root`)) &&
    Object.entries(Condition).every(([operator, tests]) =>
      Object.entries(tests).every(([key, wanted]) => holdsAny(operator, given(key, call), wanted)),
    )
  );
}

/** Of several values one is enough, for operators that ask for likeness. */
function holdsAny(operator: string, value: string | undefined, wanted: string | string[]) {
  const all = [wanted].flat();
  if (all.length > 1 && /Not/.test(operator)) throw new Error(`${operator}: all of several values`);
  return all.some((each) => holds(operator, value, each));
}

function given(key: string, { by, days, ifNoneMatch, prefix }: S3Call): string | undefined {
  switch (key) {
    case "s3:if-none-match":
      return ifNoneMatch && "*";
    case "s3:prefix":
      return prefix;
    case "aws:PrincipalArn":
      return by;
    case "aws:PrincipalAccount":
      return by.split(":")[4];
    case "s3:object-lock-remaining-retention-days":
      return days === undefined ? undefined : String(days);
    case "aws:SecureTransport":
      return "true";
    case "s3:TlsVersion":
      return "1.3";
    default:
      throw new Error(`condition key ${key} is not evaluated here`);
  }
}

function holds(operator: string, value: string | undefined, wanted: string): boolean {
  switch (operator) {
    case "Bool":
      return value === wanted;
    case "Null":
      return (value === undefined) === (wanted === "true");
    case "StringLike":
    case "ArnEquals":
    case "ArnLike":
      return value !== undefined && like(wanted, value);
    case "ArnNotLike":
      return value === undefined || !like(wanted, value);
    case "StringNotEquals":
      return value !== wanted;
    case "NumericGreaterThan":
      return value !== undefined && Number(value) > Number(wanted);
    case "NumericLessThan":
      return value !== undefined && Number(value) < Number(wanted);
    default:
      throw new Error(`condition operator ${operator} is not evaluated here`);
  }
}

const like = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replaceAll(/[.+?^$(){}|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(
    text,
  );
