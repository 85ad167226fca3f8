import { describe, expect, test } from '@jest/globals';
import { oneLine, redact } from '../../src/cluster/redact.ts';

const jwt = 'eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl_-x';
const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc=\n-----END RSA PRIVATE KEY-----';

describe('redact takes out', () => {
  test.each([
    ['a JWT', `got ${jwt}, sending`, 'got [redacted], sending'],
    ['a bearer token', 'curl -H "Authorization: Bearer abc.DEF-123456"', 'curl -H "Authorization: Bearer [redacted]"'],
    ['a bearer token in prose', 'used bearer k8s-aws-v1.aHR0cHM6', 'used bearer [redacted]'],
    ['basic credentials', "authorization: 'Basic dXNlcjpwYXNz'", "authorization: 'Basic [redacted]'"],
    ['an AWS access key id', 'id AKIAIOSFODNN7EXAMPLE.', 'id [redacted].'],
    ['an AWS secret key', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'AWS_SECRET_ACCESS_KEY=[redacted]'],
    ['a secret key of an AWS answer', '{"SecretAccessKey": "wJalr/x", "b": 1}', '{"SecretAccessKey": "[redacted]", "b": 1}'],
    ['credentials of the route53 plugin', '  aws_access_key ABC secret/key+x\n', '  aws_access_key ABC [redacted]\n'],
    ['credentials of the etcd plugin', '  credentials root hunter2\n  path /skydns', '  credentials root [redacted]\n  path /skydns'],
    ['a password pair', 'connect user=a password=hunter2 host=b', 'connect user=a password=[redacted] host=b'],
    ['a password in a query', 'GET /?api_key=abc&x=1', 'GET /?api_key=[redacted]&x=1'],
    ['a quoted password with blanks', `DB_PASSWORD: "a b c"`, `DB_PASSWORD: "[redacted]"`],
    ['an escaped JSON pair', String.raw`"{\"token\":\"abc\",\"a\":1}"`, String.raw`"{\"token\":\"[redacted]\",\"a\":1}"`],
    ['a YAML pair', 'client-secret: s3cr3t\nnext: x', 'client-secret: [redacted]\nnext: x'],
    ['a private key', `before\n${key}\nafter`, 'before\n[redacted]\nafter'],
    ['a private key that is cut', `before\n${key.slice(0, 50)}`, 'before\n[redacted]'],
    ['the password of a URL', 'forward to https://admin:hunter2@proxy:8080/x', 'forward to https://admin:[redacted]@proxy:8080/x'],
    ['two at once', `token=${jwt}`, 'token=[redacted]'],
  ])('%s', (_what, text, clean) => {
    expect(redact(text)).toBe(clean);
    expect(redact(clean)).toBe(clean);
  });
});

describe('redact leaves alone', () => {
  test.each([
    '[INFO] 10.0.1.2:41234 - 5 "A IN token.example.com. udp 33 false 512" NXDOMAIN qr,rd,ra 33 0.0004s',
    'E0101 reflector.go:150] failed to list *v1.Secret: secrets is forbidden: User "x" cannot list resource "secrets"',
    'forward . /etc/resolv.conf {\n  max_concurrent 1000\n}\ntls cert.pem key.pem ca.pem',
    'MountVolume.SetUp failed for volume "x" : secret "coredns-tls" not found',
    'plugin/forward: dial tcp://10.0.0.2:53: i/o timeout at user@host',
    'sha256:2733b626561d44d015101703b3721bf8fc527a3e64720e099e1c591d3b51ada6',
  ])('%s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

test.each([
  ['no hint', 'x'],
  ['JWT starts', 'eyJ-aaaaaaaa'],
  ['one long JWT head', 'eyJaaaa'],
  ['open quotes', `password="a'`],
  ['schemes', 'https://a:'],
  ['key headers', '-----BEGIN PRIVATE KEY-----'],
  ['keywords', 'passwordtokensecret'],
  ['pairs', 'token: token= '],
  ['bearers', 'bearer bearer  '],
  ['blanks', 'authorization:                '],
  ['access keys', 'AKIAAAAAAAAAAAAAAAAA'],
  ['at signs', '://aaaaaaaa@'],
])('redact is linear: 2 MB of %s take less than a second', (_what, piece) => {
  const text = piece.repeat(Math.ceil((2 * 1024 * 1024) / piece.length));
  const start = performance.now();
  redact(text);
  expect(performance.now() - start).toBeLessThan(1_000);
});

test('one line has no line breaks, no control characters, no secrets, and a limit', () => {
  expect(oneLine('a\r\n b\u0007\u001b[31m token=abc')).toBe('a  b [31m token=[redacted]');
  expect(oneLine('x'.repeat(1_000))).toHaveLength(300);
});
