import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tests with TLS need the openssl program, which makes their keys. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export interface KeyPair {
  key: string;
  certificate: string;
}

/** A fresh self-signed pair for 127.0.0.1. */
export function selfSigned(): KeyPair {
  const directory = mkdtempSync(join(tmpdir(), 'dns-medic-keys-'));
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', certificate, ...name], { stdio: 'ignore' });
  const pair = { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
  rmSync(directory, { recursive: true });
  return pair;
}

/** A certificate that was good on 2020-01-01 only; its key is lost. */
export const EXPIRED = `-----BEGIN CERTIFICATE-----
MIIBDjCBtgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlvbGQtYWRtaW4wHhcN
MjAwMTAxMDAwMDAwWhcNMjAwMTAyMDAwMDAwWjAUMRIwEAYDVQQDDAlvbGQtYWRt
aW4wWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARjRgtyoi8BtOdslmtKeoAUdl1r
BgCQN136D9tMIZEnWJr7TBRcE7/gnZd1oCyS3bQPxn23EEC96jo4XoCWFN5EMAoG
CCqGSM49BAMCA0cAMEQCID6TmMTlnqcAt6u8/7RsfBDPb2m0b/rio5XE28vzqZHH
AiBRxr0DtqYxU7chwppVCFHoVTZLR0Ls92LKgwH+rS8SuA==
-----END CERTIFICATE-----
`;
