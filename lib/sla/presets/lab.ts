/** For benches on real clocks: nothing is waited for, so what remains is work. Not for customers. */
export const lab = {
  name: "lab",
  watch: { everySeconds: 1, badRounds: 2, goodRounds: 1 },
  multiAz: { required: false, waitSeconds: 0 },
  serverLoss: { rpoSeconds: 300, rtoSeconds: 1800, includesDns: true },
  leastTtlSeconds: 1,
} as const;
