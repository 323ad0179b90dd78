/** In the smallest unit of its currency: cents, yen. */
export interface Money {
  readonly minor: bigint;
  /** ISO 4217. */
  readonly currency: string;
}

/** As fleet.yaml says it. */
interface Amount {
  readonly amount: number;
  readonly currency: string;
}

export const isCurrency = (code: string): boolean =>
  Intl.supportedValuesOf("currency").includes(code);

/** Whether the currency has coins that small. */
export const hasCoins = ({ amount, currency }: Amount): boolean =>
  (decimals(amount)?.[1].length ?? Number.POSITIVE_INFINITY) <= placesOf(currency);

/** Exactly what was written. Throws RangeError where the currency has no so small a coin. */
export function moneyOf({ amount, currency }: Amount): Money {
  const places = placesOf(currency);
  const [whole, rest] = decimals(amount) ?? [];
  if (whole === undefined || rest === undefined || rest.length > places) {
    throw new RangeError(`${amount}: expected an amount with at most ${places} decimal places`);
  }
  return { minor: BigInt(whole + rest.padEnd(places, "0")), currency };
}

/** The shortest that mean the number: those that were written, before and behind the point. */
function decimals(amount: number): readonly [string, string] | undefined {
  const [, whole, rest = ""] = /^(\d+)(?:\.(\d+))?$/.exec(String(amount)) ?? [];
  return whole === undefined ? undefined : [whole, rest];
}

/** Behind the point: 2 of EUR, 0 of JPY. */
function placesOf(currency: string): number {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 0;
}

/**
 * So many percent of it, rounded up to the smallest coin: who is owed it does not lose by rounding.
 *
 * @param percent of at most two decimal places
 */
export function percentOf({ minor, currency }: Money, percent: number): Money {
  // 12.55 is a little less than that as a number: nearest is what was written.
  const hundredths = BigInt(Math.round(percent * 100));
  return { minor: (minor * hundredths + 9_999n) / 10_000n, currency };
}

/** `49.00`, for machines. */
export function decimalOf({ minor, currency }: Money): string {
  const places = placesOf(currency);
  const digits = String(minor).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return places === 0 ? whole : `${whole}.${digits.slice(-places)}`;
}

/** `€49.00`, as a language writes it. */
export function moneyText(money: Money, locale = "en"): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency: money.currency });
  // Text and not a number, which would be rounded above 2^53.
  return format.format(decimalOf(money) as Intl.StringNumericLiteral);
}
