/**
 * Condition keys that a request here is given where it has them on AWS, in lower case. A policy with any other is
 * refused: its condition would be decided by a key that nobody fills in.
 */
const KEYS: readonly string[] = [
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalisawsservice",
  "aws:requestedregion",
  "aws:securetransport",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:tagkeys",
  "cloudwatch:namespace",
  "ec2:associatepublicipaddress",
  "ec2:createaction",
  "ec2:instancetype",
  "ec2:subnet",
  "ecs:cluster",
  "iam:passedtoservice",
  // Of S3, whose use of keys is not judged here.
  "kms:encryptioncontext:aws:s3:arn",
  "kms:viaservice",
  "lambda:functionurlauthtype",
  "lambda:invokedviafunctionurl",
  "route53:changeresourcerecordsetsactions",
  "route53:changeresourcerecordsetsnormalizedrecordnames",
  "route53:changeresourcerecordsetsrecordtypes",
  "s3:delimiter",
  "s3:if-match",
  "s3:if-none-match",
  "s3:object-lock-mode",
  "s3:object-lock-remaining-retention-days",
  "s3:prefix",
  "s3:tlsversion",
  "s3:x-amz-storage-class",
  "ses:fromaddress",
  "ses:recipients",
  "sns:endpoint",
  "sns:protocol",
];

/** Those that end with the key of a tag. */
const TAGGED = ["aws:requesttag/", "aws:resourcetag/", "rds:req-tag/"];

/** `key` is in lower case. */
export const isKnownKey = (key: string): boolean =>
  KEYS.includes(key) || TAGGED.some((prefix) => key.startsWith(prefix));
