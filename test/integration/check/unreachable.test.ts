import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EXPIRED, hasOpenssl, selfSigned } from '../../cluster/certificates.ts';
import { loginFrom } from './lab/api.ts';
import { kubeconfig, onCluster } from './lab/cluster.ts';
import { kubeconfigText, type KubeconfigParts } from './lab/kubeconfigs.ts';
import { check, medic, type Ran, reported } from './lab/medic.ts';

const directory = mkdtempSync(join(tmpdir(), 'dns-medic-unreachable-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, content: string): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};

let number = 0;
const checkWith = (parts: KubeconfigParts, args: readonly string[] = []): Promise<Ran> =>
  check(file(`config-${number++}`, kubeconfigText(parts)), args);

/** Unknown, in time, and every reading says the same. */
function expectUnknown(ran: Ran, why: RegExp): void {
  const { verdict, findings, readings } = reported(ran);
  expect(ran.status).toBe(2);
  expect(verdict).toMatchObject({ status: 'unknown', cause: null });
  expect(verdict.sentence).toMatch(why);
  expect(verdict.sentence.length).toBeLessThan(400);
  expect(findings).toEqual([]);
  expect(readings.filter(({ status }) => status === 'ok')).toEqual([]);
  expect(ran.ms).toBeLessThan(10_000);
}

describe('an API server that cannot be reached', () => {
  let silent: Server;
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    silent = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    sockets.forEach((socket) => socket.destroy());
    silent.close();
  });
  const portOf = (server: Server): number => (server.address() as { port: number }).port;

  test('a closed port', async () => {
    expectUnknown(await checkWith({ server: 'https://127.0.0.1:1' }), /127\.0\.0\.1:1: the connection was refused/);
  });

  test('a port that accepts and never answers', async () => {
    expectUnknown(await checkWith({ server: `https://127.0.0.1:${portOf(silent)}` }), /no answer (within|to the connection attempt)/);
  });

  test('an address that swallows every packet', async () => {
    // a network that answers for others may refuse it at once
    expectUnknown(await checkWith({ server: 'https://192.0.2.1:6443' }), /192\.0\.2\.1:6443: |no answer within/);
  });

  test('a name that does not resolve', async () => {
    expectUnknown(await checkWith({ server: 'https://api.cluster.invalid:6443' }), /name cannot be resolved/);
  });

  test('with --pod too, and in the report for people', async () => {
    const { status, stdout } = await medic([
      'check',
      '--pod',
      'shop/cart',
      '--kubeconfig',
      file('closed', kubeconfigText({ server: 'https://127.0.0.1:1' })),
    ]);
    expect(status).toBe(2);
    expect(stdout).toMatch(/unknown/i);
    expect(stdout).toMatch(/the connection was refused/);
  });

  test('a server that is no Kubernetes', async () => {
    const web = createServer(
      (socket) => void socket.on('error', () => undefined).end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello'),
    );
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const ran = await checkWith({ server: `http://127.0.0.1:${portOf(web)}` });
    web.close();
    expectUnknown(ran, /not a JSON object/);
  });
});

onCluster('credentials that the API server refuses', () => {
  const { server, ca } = loginFrom(kubeconfig);

  test('a token that is none', async () => {
    expectUnknown(await checkWith({ server, ca, token: 'nobody-knows-this' }), /credentials were refused/);
  });

  (hasOpenssl ? test : test.skip)('a certificate authority that did not sign the server', async () => {
    expectUnknown(await checkWith({ server, ca: selfSigned().certificate, token: 'x' }), /not signed by the authority of the kubeconfig/);
  });

  (hasOpenssl ? test : test.skip)('a client certificate that the server does not know', async () => {
    const { certificate, key } = selfSigned();
    expectUnknown(await checkWith({ server, ca, certificate, key }), /credentials were refused|client certificate/);
  });
});

describe('credentials that cannot be used', () => {
  test('a client certificate that has expired is said before anything is asked', async () => {
    const ran = await checkWith({ server: 'https://127.0.0.1:1', certificate: EXPIRED, key: 'lost' });
    expectUnknown(ran, /client certificate of user "lab" expired on 2020-01-02/);
  });
});
