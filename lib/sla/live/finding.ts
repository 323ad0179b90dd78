/** Something of a deployed fleet that is not as it has to be. */
export interface Finding {
  /** `broken`: a promise hangs on it. `risk`: it will, on some night. */
  readonly weight: "broken" | "risk";
  /** What it is about: an instance, a region, an endpoint. */
  readonly about: string;
  readonly says: string;
  /** The command, or what else a person does. */
  readonly mend?: string;
}

export const broken = (about: string, says: string, mend?: string): Finding =>
  finding("broken", about, says, mend);

export const risk = (about: string, says: string, mend?: string): Finding =>
  finding("risk", about, says, mend);

const finding = (
  weight: Finding["weight"],
  about: string,
  says: string,
  mend: string | undefined,
): Finding => ({ weight, about, says, ...(mend !== undefined && { mend }) });
