/** Of one account in one region: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html */
export const GRANTED = {
  DBInstances: 40,
  ManualSnapshots: 100,
  ReadReplicasPerMaster: 15,
} as const;
