import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Context } from "../../../lib/local-cloud/iam/conditions.ts";
import { evaluate, type Question } from "../../../lib/local-cloud/iam/evaluate.ts";
import { statementsOf } from "../../../lib/local-cloud/iam/policy.ts";
import { holderOf, rootOf } from "../../../lib/local-cloud/iam/principals.ts";

const ROLE = "arn:aws:iam::111111111111:role/sla-watch";
const CALLER = holderOf(ROLE, "one");
const OBJECT = "arn:aws:s3:::ledger/roles/acme.json";

type Given = Readonly<Record<string, unknown>>;
const policy = (...Statement: Given[]) => statementsOf({ Statement }, "a policy");
const allow = (more: Given = {}): Given => ({
  ...{ Effect: "Allow", Action: "s3:GetObject", Resource: OBJECT, ...more },
});
const deny = (more: Given = {}) => allow({ Effect: "Deny", ...more });

const ask = (more: Partial<Question> = {}) =>
  evaluate({
    caller: CALLER,
    ask: { action: "s3:GetObject", resource: OBJECT },
    ...{ context: {}, identity: [], resource: undefined, isForeign: false, resourceRules: false },
    ...more,
  });

const ALLOWED = { allowed: true };
const denied = (why: string) => ({ allowed: false, why });
const nobody = (kind: string) => denied(`because no ${kind} policy allows the s3:GetObject action`);

describe("statements", () => {
  it.each<[string, Given, boolean]>([
    ["its own action and resource", {}, true],
    ["another action", { Action: "s3:PutObject" }, false],
    ["an action in other case", { Action: "S3:getobject" }, true],
    ["a pattern of actions", { Action: ["s3:Put*", "s3:Get?bject"] }, true],
    ["all but another action", { Action: undefined, NotAction: "s3:PutObject" }, true],
    ["all but this action", { Action: undefined, NotAction: "s3:*" }, false],
    ["a pattern across slashes", { Resource: "arn:aws:s3:::ledger/*" }, true],
    ["one character", { Resource: "arn:aws:s3:::ledger/roles/acme.jso?" }, true],
    ["a character too much", { Resource: "arn:aws:s3:::ledger/roles/acme.json?" }, false],
    ["the dot as a dot", { Resource: "arn:aws:s3:::ledger/roles/acme-json" }, false],
    ["all but another resource", { Resource: undefined, NotResource: "arn:aws:s3:::x/*" }, true],
    ["all but this resource", { Resource: undefined, NotResource: "*" }, false],
  ])("let in by %s or not", (_name, given, isAllowed) => {
    const statement = Object.fromEntries(
      Object.entries(allow(given)).filter(([, value]) => value !== undefined),
    );
    expect(ask({ identity: policy(statement) }).allowed).toBe(isAllowed);
  });

  it.each<[string, Given, string]>([
    ["an unknown operator", allow({ Condition: { IpAddress: {} } }), "operator IpAddress"],
    ["an unknown key", allow({ Condition: { Bool: { "aws:Mfa": "true" } } }), "key aws:Mfa"],
    [
      "a variable",
      allow({ Resource: ["arn:aws:s3:::$", "{aws:username}/*"].join("") }),
      "variables",
    ],
    ["an unknown element", allow({ NotPrincipal: "*" }), "NotPrincipal is not known"],
    ["an unknown effect", allow({ Effect: "allow" }), "Effect is 'allow'"],
  ])("are refused for %s", (_name, statement, message) => {
    expect(() => policy(statement)).toThrow(message);
  });
});

describe("conditions", () => {
  const KEYS: Context = {
    "s3:prefix": "manifests/acme/",
    "aws:sourcearn": "arn:aws:states:eu-west-1:111111111111:stateMachine:sla:x",
    "s3:tlsversion": "1.2",
    "aws:tagkeys": ["one", "two"],
    "aws:securetransport": "true",
  };
  it.each<[string, string, unknown, boolean]>([
    ["StringEquals", "s3:prefix", "manifests/acme/", true],
    ["StringEquals", "S3:Prefix", ["x", "manifests/acme/"], true],
    ["StringNotEquals", "s3:prefix", ["x", "manifests/acme/"], false],
    ["StringNotEquals", "s3:delimiter", "x", true],
    ["StringEquals", "s3:delimiter", "x", false],
    ["StringEqualsIfExists", "s3:delimiter", "x", true],
    ["StringLike", "s3:prefix", "manifests/*", true],
    ["StringNotLike", "s3:prefix", "manifests/*", false],
    ["StringEqualsIgnoreCase", "s3:prefix", "MANIFESTS/acme/", true],
    ["ArnLike", "aws:SourceArn", "arn:aws:states:*:111111111111:stateMachine:*", true],
    ["ArnLike", "aws:SourceArn", "arn:aws:*:stateMachine:*", false],
    ["ArnNotLike", "aws:SourceArn", "arn:aws:states:*:*:*", false],
    ["Bool", "aws:SecureTransport", false, false],
    ["NumericLessThan", "s3:TlsVersion", 1.2, false],
    ["NumericLessThanEquals", "s3:TlsVersion", 1.2, true],
    ["NumericGreaterThan", "s3:object-lock-remaining-retention-days", "120", false],
    ["Null", "s3:if-none-match", "true", true],
    ["Null", "s3:prefix", "true", false],
    ["Null", "aws:ResourceTag/sla:hold", "false", false],
    ["ForAllValues:StringEquals", "aws:TagKeys", ["one", "two", "three"], true],
    ["ForAllValues:StringEquals", "aws:TagKeys", ["one"], false],
    ["ForAnyValue:StringEquals", "aws:TagKeys", ["one"], true],
    ["ForAllValues:StringEquals", "sns:Endpoint", ["one"], true],
    ["ForAnyValue:StringEquals", "sns:Endpoint", ["one"], false],
    ["ForAnyValue:StringNotEquals", "sns:Endpoint", ["one"], false],
  ])("%s %s %j is %s", (operator, key, value, isAllowed) => {
    const identity = policy(allow({ Condition: { [operator]: { [key]: value } } }));
    expect(ask({ identity, context: KEYS }).allowed).toBe(isAllowed);
  });
});

describe("within an account", () => {
  const other = "arn:aws:iam::111111111111:role/other";
  it.each<[string, Partial<Question>, object]>([
    ["nobody says anything", {}, nobody("identity-based")],
    ["the role's policy allows", { identity: policy(allow()) }, ALLOWED],
    [
      "the resource names the role",
      { resource: policy(allow({ Principal: { AWS: ROLE } })) },
      ALLOWED,
    ],
    [
      "the resource names another",
      { resource: policy(allow({ Principal: { AWS: other } })) },
      nobody("identity-based"),
    ],
    [
      "the resource leaves it to the account",
      { resource: policy(allow({ Principal: { AWS: rootOf("111111111111") } })) },
      nobody("identity-based"),
    ],
    [
      "the role's policy allows and denies",
      { identity: policy(allow(), deny({ Resource: "*" })) },
      denied("with an explicit deny in an identity-based policy"),
    ],
    [
      "the resource denies everybody",
      { identity: policy(allow()), resource: policy(deny({ Principal: "*" })) },
      denied("with an explicit deny in a resource-based policy"),
    ],
    [
      "the resource denies another",
      { identity: policy(allow()), resource: policy(deny({ Principal: { AWS: other } })) },
      ALLOWED,
    ],
  ])("%s", (_name, question, verdict) => {
    expect(ask(question)).toEqual(verdict);
  });
});

describe("where the resource has to agree", () => {
  const identity = policy(allow());
  const byAccount = policy(allow({ Principal: { AWS: rootOf("111111111111") } }));
  const byRole = policy(allow({ Principal: { AWS: ROLE } }));
  const service = { kind: "service", service: "states.amazonaws.com" } as const;
  const forService = policy(allow({ Principal: { Service: service.service } }));
  it.each<[string, Partial<Question>, object]>([
    ["another account's has no policy", { identity, isForeign: true }, nobody("resource-based")],
    ["both allow across accounts", { identity, resource: byAccount, isForeign: true }, ALLOWED],
    [
      "only the other account allows",
      { resource: byRole, isForeign: true },
      nobody("identity-based"),
    ],
    [
      "a key says nothing",
      { identity, resource: [], resourceRules: true },
      nobody("resource-based"),
    ],
    [
      "a key leaves it to its account",
      { identity, resource: byAccount, resourceRules: true },
      ALLOWED,
    ],
    [
      "its account does not",
      { resource: byAccount, resourceRules: true },
      nobody("identity-based"),
    ],
    ["a key names the role", { resource: byRole, resourceRules: true }, ALLOWED],
    ["a service is named", { caller: service, resource: forService }, ALLOWED],
    ["a service is not named", { caller: service, resource: byRole }, nobody("resource-based")],
    [
      "anybody asks",
      { caller: { kind: "anybody" }, resource: forService },
      nobody("resource-based"),
    ],
    [
      "anybody may ask",
      { caller: { kind: "anybody" }, resource: policy(allow({ Principal: "*" })) },
      ALLOWED,
    ],
  ])("%s", (_name, question, verdict) => {
    expect(ask(question)).toEqual(verdict);
  });
});

describe("laws", () => {
  const effects = fc.constantFrom("Allow", "Deny");
  const actions = fc.constantFrom("s3:GetObject", "s3:*", "*", "s3:PutObject", "rds:*");
  const resources = fc.constantFrom(OBJECT, "*", "arn:aws:s3:::ledger/*", "arn:aws:s3:::other/*");
  const statement = fc.record({ Effect: effects, Action: actions, Resource: resources });
  const statements = fc.array(statement, { maxLength: 6 });

  it("the order of statements changes nothing", () => {
    fc.assert(
      fc.property(statements, (given) => {
        const verdict = ask({ identity: policy(...given) });
        expect(ask({ identity: policy(...given.toReversed()) })).toEqual(verdict);
      }),
      { examples: [[[deny(), allow()] as never]] },
    );
  });

  it("more denials never allow more, more allowances never less", () => {
    fc.assert(
      fc.property(statements, statement, (given, more) => {
        const before = ask({ identity: policy(...given) }).allowed;
        const after = ask({ identity: policy(...given, more) }).allowed;
        if (more.Effect === "Deny") expect(after && !before).toBe(false);
        else expect(before && !after).toBe(false);
      }),
      { examples: [[[allow()], deny()] as never, [[], allow()] as never] },
    );
  });
});
