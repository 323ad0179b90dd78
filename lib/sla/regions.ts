type Area =
  | "Europe"
  | "Americas"
  | "Asia-Pacific"
  | "Oceania"
  | "Middle East and Northern Asia"
  | "Africa";

/** Every region of the public AWS partition: ISO 3166 country and area. */
export const REGIONS = {
  "af-south-1": ["ZA", "Africa"],
  "ap-east-1": ["HK", "Asia-Pacific"],
  "ap-east-2": ["TW", "Asia-Pacific"],
  "ap-northeast-1": ["JP", "Asia-Pacific"],
  "ap-northeast-2": ["KR", "Asia-Pacific"],
  "ap-northeast-3": ["JP", "Asia-Pacific"],
  "ap-south-1": ["IN", "Asia-Pacific"],
  "ap-south-2": ["IN", "Asia-Pacific"],
  "ap-southeast-1": ["SG", "Asia-Pacific"],
  "ap-southeast-2": ["AU", "Oceania"],
  "ap-southeast-3": ["ID", "Asia-Pacific"],
  "ap-southeast-4": ["AU", "Oceania"],
  "ap-southeast-5": ["MY", "Asia-Pacific"],
  "ap-southeast-6": ["NZ", "Oceania"],
  "ap-southeast-7": ["TH", "Asia-Pacific"],
  "ca-central-1": ["CA", "Americas"],
  "ca-west-1": ["CA", "Americas"],
  "eu-central-1": ["DE", "Europe"],
  "eu-central-2": ["CH", "Europe"],
  "eu-north-1": ["SE", "Europe"],
  "eu-south-1": ["IT", "Europe"],
  "eu-south-2": ["ES", "Europe"],
  "eu-west-1": ["IE", "Europe"],
  "eu-west-2": ["GB", "Europe"],
  "eu-west-3": ["FR", "Europe"],
  "il-central-1": ["IL", "Middle East and Northern Asia"],
  "me-central-1": ["AE", "Middle East and Northern Asia"],
  "me-south-1": ["BH", "Middle East and Northern Asia"],
  "me-west-1": ["SA", "Middle East and Northern Asia"],
  "mx-central-1": ["MX", "Americas"],
  "sa-east-1": ["BR", "Americas"],
  "us-east-1": ["US", "Americas"],
  "us-east-2": ["US", "Americas"],
  "us-west-1": ["US", "Americas"],
  "us-west-2": ["US", "Americas"],
} as const satisfies Record<string, readonly [country: string, area: Area]>;

export type Region = keyof typeof REGIONS;

/** Country codes and area names that residency lists may use. */
export const PLACES: readonly string[] = [...new Set<string>(Object.values(REGIONS).flat())];

/** Which of the allowed countries and areas a region lies in; an unknown region lies nowhere. */
export function placesOf(region: string, allowed: readonly string[]): readonly string[] {
  const own: readonly string[] = Object.hasOwn(REGIONS, region) ? REGIONS[region as Region] : [];
  return allowed.filter((place) => own.includes(place));
}

/** `eu-central-2 (CH)`: a region with its country, for people. */
export function describeRegion(region: string): string {
  const [country] = Object.hasOwn(REGIONS, region) ? REGIONS[region as Region] : ["unknown"];
  return `${region} (${country})`;
}

// https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html, and the resource types of each region.
const WITHOUT_FUNCTION_URLS: ReadonlySet<string> = new Set([
  "ap-south-2",
  "ap-southeast-4",
  "ap-southeast-5",
  "ca-west-1",
  "eu-central-2",
  "eu-south-2",
  "il-central-1",
  "me-central-1",
]);

/** Whether Lambda serves functions at URLs there: a STOP flag can be watched only in such a region. */
export const hasFunctionUrls = (region: string): boolean => !WITHOUT_FUNCTION_URLS.has(region);
