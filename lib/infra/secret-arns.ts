/** A secret by its name: Secrets Manager appends six characters of its own. */
export const secretArn = (account: string, region: string, name: string): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}-??????`;

/**
 * The same for whoever has to hear that there is none: IAM is asked first, about the name alone, and of what no policy
 * names AWS says that access is denied. No secret has the second ARN.
 */
export const secretOrNone = (account: string, region: string, name: string): readonly string[] => [
  secretArn(account, region, name),
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}`,
];
