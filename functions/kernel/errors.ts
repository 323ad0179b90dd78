/** Who has to act: the operator who wrote the configuration, the cloud that may heal by itself, or us. */
export type Blame = "operator" | "cloud" | "bug";

/**
 * Every failure raised on purpose. Step Functions matches retries and catches on the error's name,
 * so `code` is a public contract: each capability lists its codes in its contract.ts.
 */
export class SlaError extends Error {
  readonly code: string;
  readonly blame: Blame;

  constructor(code: string, blame: Blame, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
    this.code = code;
    this.blame = blame;
  }
}
