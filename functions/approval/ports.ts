/** What an answer needs of Step Functions. aws/sfn-waker.ts is the real one. */
export interface Waker {
  isRunning(execution: string): Promise<boolean>;
  /** Ends the wait of a task. Rejects if nobody waits with this token any more. */
  wake(token: string): Promise<void>;
}
