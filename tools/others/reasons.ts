/** Why a finding of a tool that is not ours stays: of which check, and where in a template. */
export interface Reason {
  readonly check: string;
  readonly where: RegExp;
  readonly because: string;
}

const FUNCTION = /^AWS::Lambda::Function\./;

export const REASONS: readonly Reason[] = [
  {
    check: "W3005",
    where: /DependsOn/,
    because: "the CDK writes dependencies that references imply already; they say the same",
  },
  {
    check: "CKV_AWS_158",
    where: /^AWS::Logs::LogGroup\./,
    because:
      "CloudWatch encrypts every log with a key of its own; ours hold no data of customers and no secret, and a key per group has to be paid for and can be lost",
  },
  {
    check: "CKV_AWS_116",
    where: FUNCTION,
    because:
      "they are called by schedules with dead letters of their own, by state machines, or synchronously: nothing of theirs is asynchronous and unwatched",
  },
  {
    check: "CKV_AWS_173",
    where: FUNCTION,
    because: "variables are names and numbers, no secrets; Lambda encrypts them at rest",
  },
  {
    check: "CKV_AWS_117",
    where: FUNCTION,
    because:
      "only functions that speak SQL are in a VPC: a recovery must not hang on a NAT gateway or a peering",
  },
  {
    check: "CKV_AWS_115",
    where: FUNCTION,
    because:
      "concurrency is reserved where a night needs it (lib/sla/quotas.ts); reserving it everywhere would take it from those",
  },
  {
    check: "CKV_AWS_258",
    where: /^AWS::Lambda::Url\.(Approving|Downloading|Flagging)/,
    because:
      "public on purpose: a link in a mail, a link to a dump and what a health check asks. Each takes nothing but a token that nobody can guess",
  },
  {
    check: "CKV_AWS_111",
    where: /^AWS::IAM::Role\.Databases(Adopt|Content|Sql)Role/,
    because:
      "network interfaces of functions in a VPC: EC2 knows no resource for them when they are made",
  },
  {
    check: "unbounded-writes",
    where: /^AWS::IAM::Role\.Databases(Adopt|Content|Sql)Role/,
    because: "the same, as cloudsplaining calls it",
  },
  {
    check: "credentials-exposure",
    where: /^AWS::IAM::Role\.FreezingExecutionRole/,
    because:
      "how ECS pulls images: ecr:GetAuthorizationToken knows no resource, and its token opens what the role may pull",
  },
  {
    check: "CKV_AWS_27",
    where: /^AWS::SQS::Queue\..*DeadLetters/,
    because:
      "SQS encrypts them with its own key; they hold events of schedules and notices that could not be handed on",
  },
  {
    check: "CKV_AWS_18",
    where: /^AWS::S3::Bucket\.(LedgerAccesses|FrozenAccesses|StatusSiteBucket)/,
    because:
      "two hold the access logs of others; the third holds public pages, whose readers nobody has to record",
  },
  {
    check: "CKV_AWS_21",
    where: /^AWS::S3::Bucket\.(LedgerAccesses|FrozenAccesses|StatusSiteBucket)/,
    because:
      "access logs are only added to; pages are made anew from the ledger whenever they change",
  },
  {
    check: "CKV_AWS_149",
    where: /^AWS::SecretsManager::Secret\.(RestoringPassword|StatusSecret)/,
    because:
      "the key of Secrets Manager opens them to nobody who may not read the secret; they never leave their region or account",
  },
  {
    check: "CKV_AWS_174",
    where: /^AWS::CloudFront::Distribution\.StatusSite/,
    because:
      "without a host of one's own CloudFront's certificate brings its own policy; with one it is TLS 1.2 of 2021",
  },
  {
    check: "CKV_AWS_68",
    where: /^AWS::CloudFront::Distribution\.StatusSite/,
    because:
      "static files, no function and no query behind them: there is nothing that a firewall would keep away",
  },
  {
    check: "CKV_AWS_86",
    where: /^AWS::CloudFront::Distribution\.StatusSite/,
    because: "who reads a status page is nobody's business",
  },
];
