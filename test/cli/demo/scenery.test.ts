import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../src/base/failure.ts';
import { recordedNames, sceneryFor } from '../../../src/cli/demo/scenery.ts';
import { readConfig } from '../../../src/config/read.ts';
import { parseCommand } from '../../../src/slack/parse/parse.ts';

const options = { help: false, once: false, fault: null, kubeconfig: null };

describe('recorded clusters', () => {
  test('are the usual ones, each with a bundle that is there', async () => {
    const { config, clusters, command, about } = await sceneryFor(options, {});
    if (clusters.kind !== 'recorded') throw new Error('not recorded');
    const names = Object.keys(readConfig('dns-medic.yaml', config).clusters ?? {});
    expect(command).toBe('check cluster-a');
    expect(names.slice(0, 3)).toEqual(['cluster-a', 'cluster-b', 'cluster-c']);
    expect(Object.keys(clusters.bundles)).toEqual(names);
    expect(about).toHaveLength(names.length);
    expect(Object.values(clusters.bundles).filter((bundle) => !recordedNames().includes(bundle))).toEqual([]);
  });

  test('have one more when another is asked for, and the command asks what was asked then', async () => {
    const { config, command } = await sceneryFor({ ...options, fault: 'a-name-that-is-not-there' }, {});
    expect(command).toBe('check a-name-that-is-not-there pod=shop/cart name=serch.shop.svc.cluster.local');
    expect(Object.keys(readConfig('dns-medic.yaml', config).clusters ?? {})).toHaveLength(8);
  });

  test.each(['healthy', 'cluster-b'])('go by the name of the recording and by their own: %s', async (fault) => {
    expect((await sceneryFor({ ...options, fault }, {})).command).toBe('check cluster-b');
  });

  test.each(recordedNames())('%s can be asked for with words that the bot understands', async (fault) => {
    const { command, clusters } = await sceneryFor({ ...options, fault }, {});
    const known = clusters.kind === 'recorded' ? Object.keys(clusters.bundles) : [];
    expect(parseCommand(command, { clusters: known })).toMatchObject({ verb: 'check' });
  });

  test('that are not there are refused with those that are', async () => {
    const refused = sceneryFor({ ...options, fault: 'healty' }, {});
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(/^nothing was recorded of healty \(did you mean healthy\?\); there is:\n {2}a-name/);
  });
});

describe('a real cluster', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dns-medic-scenery-'));
    writeFileSync(join(folder, 'a: "b"'), '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is reached by the kubeconfig, whatever its name, with what that may need of the environment and none of our settings', async () => {
    const kubeconfig = join(folder, 'a: "b"');
    const env = {
      HOME: '/home/me',
      AWS_PROFILE: 'prod',
      REDIS_URL: 'redis://mine',
      SLACK_BOT_TOKEN: 'xoxb-mine',
      ORDER_SECRET_FILE: '/mine',
    };
    const { config, clusters } = await sceneryFor({ ...options, kubeconfig }, env);
    expect(readConfig('dns-medic.yaml', config).clusters).toMatchObject({ 'cluster-a': { kubeconfig } });
    expect(clusters).toEqual({ kind: 'real', environment: { HOME: '/home/me', AWS_PROFILE: 'prod' } });
  });

  test('needs a kubeconfig that can be read', async () => {
    const kubeconfig = join(folder, 'none');
    await expect(sceneryFor({ ...options, kubeconfig }, {})).rejects.toThrow(`--kubeconfig: ${kubeconfig} cannot be read`);
  });
});
