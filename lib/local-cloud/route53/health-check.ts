import type { HealthCheckConfig, HealthCheck as HealthCheckShape } from "@aws-sdk/client-route-53";

/** What one poll saw; the text is what `GetHealthCheckStatus` reports. */
export interface Observation {
  readonly ok: boolean;
  readonly status: string;
  readonly at: Date;
}

const DEFAULT_THRESHOLD = 3;

/** One check and its state. Healthy until it is known to be otherwise, as on AWS. */
export class HealthCheck {
  readonly shape: HealthCheckShape;
  readonly config: HealthCheckConfig;
  #last: Observation | undefined;
  #healthy = true;
  #streak = 0;

  constructor(shape: HealthCheckShape) {
    this.shape = shape;
    this.config = shape.HealthCheckConfig ?? { Type: "HTTP" };
  }

  get isPolled(): boolean {
    return this.config.Type !== "CALCULATED" && !this.config.Disabled;
  }

  get last(): Observation | undefined {
    return this.#last;
  }

  get status(): string {
    return this.#last?.status ?? "Not polled yet";
  }

  /** A change of mind needs as many equal observations in a row as the check's failure threshold. */
  observe(seen: Observation): void {
    this.#last = seen;
    this.#streak = seen.ok === this.#healthy ? 0 : this.#streak + 1;
    if (this.#streak < (this.config.FailureThreshold ?? DEFAULT_THRESHOLD)) return;
    this.#healthy = seen.ok;
    this.#streak = 0;
  }

  /** `child` judges another check by its id, for calculated ones. A disabled check counts as healthy. */
  isHealthy(child: (id: string) => boolean): boolean {
    if (this.config.Disabled) return this.config.Inverted !== true;
    const seen = this.config.Type === "CALCULATED" ? this.#calculated(child) : this.#healthy;
    return this.config.Inverted ? !seen : seen;
  }

  #calculated(child: (id: string) => boolean): boolean {
    const children = this.config.ChildHealthChecks ?? [];
    return children.filter(child).length >= (this.config.HealthThreshold ?? children.length);
  }
}
