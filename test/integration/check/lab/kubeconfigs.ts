/** What a kubeconfig for tests says; everything that is left out is as in a good one. */
export interface KubeconfigParts {
  server: string;
  /** PEM. */
  ca?: string;
  token?: string;
  certificate?: string;
  key?: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The text of a kubeconfig with the one context `lab`. */
export function kubeconfigText({ server, ca, token, certificate, key }: KubeconfigParts): string {
  const trust = ca === undefined ? { 'insecure-skip-tls-verify': true } : { 'certificate-authority-data': base64(ca) };
  const user = {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined ? {} : { 'client-certificate-data': base64(certificate) }),
    ...(key === undefined ? {} : { 'client-key-data': base64(key) }),
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'lab',
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    clusters: [{ name: 'lab', cluster: { server, ...trust } }],
    users: [{ name: 'lab', user }],
  });
}
