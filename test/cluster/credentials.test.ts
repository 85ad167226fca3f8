import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, type ConnectedCluster } from '../../src/cluster/connect.ts';
import { hasOpenssl } from './certificates.ts';
import { type FakeApiServer, json, startFakeApiServer, status } from './fake-api-server.ts';

const withTls = hasOpenssl ? describe : describe.skip;

withTls('credentials (need openssl)', () => {
  let fake: FakeApiServer;
  const open: ConnectedCluster[] = [];
  beforeEach(async () => {
    fake = await startFakeApiServer();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((cluster) => cluster.close()));
    await fake.stop();
  });
  const as = async (user: string) => {
    const file = `${fake.kubeconfig}-other`;
    writeFileSync(file, readFileSync(fake.kubeconfig, 'utf8').replace('{token: sesame}', user));
    const cluster = await connect({ kind: 'kubeconfig', file, context: null }, process.env);
    open.push(cluster);
    return cluster;
  };
  /** A plugin that counts its runs in a file and gives them as its token. */
  const counting = (expires: string) => {
    const count = `${fake.kubeconfig}-count`;
    writeFileSync(count, '');
    const script = `sleep 0.1; printf x >> ${count}; echo "{\\"status\\":{\\"token\\":\\"t$(wc -c < ${count} | tr -d ' ')\\"${expires}}}"`;
    const command = `${fake.kubeconfig}-plugin`;
    writeFileSync(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return `{exec: {command: ${command}}}`;
  };
  const tokens = () => fake.asked.map(({ headers }) => headers.authorization);

  test('of a plugin are fetched once for all requests', async () => {
    const cluster = await as(counting(''));
    await Promise.all([1, 2, 3].map(() => cluster.get('/x')));
    expect(tokens()).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t1']);
  });

  test('of a plugin are renewed before they end', async () => {
    const cluster = await as(counting(`,\\"expirationTimestamp\\":\\"${new Date(Date.now() + 10_000).toISOString()}\\"`));
    await Promise.all([1, 2].map(() => cluster.get('/x')));
    expect(tokens()).toEqual(['Bearer t2', 'Bearer t2']);
  });

  test('of a plugin are renewed once when they are refused', async () => {
    const cluster = await as(counting(''));
    fake.answer = ({ headers }, response) =>
      headers.authorization === 'Bearer t1' ? status(response, 401, 'no') : json(response, { ok: true });
    expect(await cluster.get('/x')).toEqual({ ok: true });
    fake.answer = (_asked, response) => status(response, 401, 'no');
    await expect(cluster.get('/x')).rejects.toMatchObject({ message: expect.stringContaining('credentials were refused') });
    expect(tokens()).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t2', 'Bearer t3']);
  });

  test('of a token file are read, without its line break', async () => {
    writeFileSync(join(fake.kubeconfig, '..', 'token'), 'from-file\n');
    await (await as('{token: old, tokenFile: token}')).get('/x');
    expect(tokens()).toEqual(['Bearer from-file']);
  });

  test('of a user name and password are sent as basic ones', async () => {
    await (await as('{username: a, password: b}')).get('/x');
    expect(tokens()).toEqual([`Basic ${Buffer.from('a:b').toString('base64')}`]);
  });

  test('for someone else name the groups too, on requests and on exec', async () => {
    const cluster = await as('{token: t, as: bob, as-groups: [dev, ops]}');
    await cluster.get('/x');
    await cluster.exec({ namespace: 'a', pod: 'b', command: ['c'] }).catch(() => undefined);
    for (const { headers } of fake.asked) expect(headers).toMatchObject({ 'impersonate-user': 'bob', 'impersonate-group': 'dev, ops' });
    expect(fake.asked).toHaveLength(2);
  });
});
