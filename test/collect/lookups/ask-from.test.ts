import { describe, expect, test } from '@jest/globals';
import type { Ask } from '../../../src/collect/lookups/ask.ts';
import { askFrom } from '../../../src/collect/lookups/ask-from.ts';
import { marker } from '../../../src/collect/lookups/dig-script.ts';

const ask: Ask = {
  ...{ server: '10.0.0.10', port: 53, serverKind: 'cluster-ip', serverPod: null, serverNode: null, proto: 'udp' },
  ...{ name: 'a.example.', role: 'external', type: 'A', shots: 2, batch: 'first' },
};
const from = { node: 'n1', pod: 'p', how: 'probe' } as const;
const silent = ';; communications error to 10.0.0.10#53: timed out\n;; no servers could be reached\n';

const asked = (text: string, stderr = '') => {
  const run = async () => ({ text, stderr, exitCode: 0, truncated: false });
  return askFrom({ run }, from, [ask], { signal: AbortSignal.timeout(5_000) });
};
const jobs = (...outputs: string[]): string => outputs.map((output, index) => `${marker} ${index}\n${output}`).join('');

describe('askFrom', () => {
  test('a server that is silent did not answer', async () => {
    expect(await asked(jobs(silent, silent))).toMatchObject([{ shots: 2, answered: 0, failure: 'timeout' }]);
  });

  test('where there is no dig, nothing was asked, and no server is called silent', async () => {
    const missing = 'sh: dig: not found\n';
    await expect(asked(jobs(missing, missing))).rejects.toMatchObject({
      reason: 'error',
      message: 'dig could not be run in p: sh: dig: not found',
    });
    await expect(asked(jobs('', ''))).rejects.toThrow('dig could not be run in p: it said nothing');
  });

  test('a dig that was killed does not count', async () => {
    expect(await asked(jobs(silent, 'Killed\n'))).toMatchObject([{ shots: 1, answered: 0 }]);
    expect(await asked(jobs('dig: out of memory\n', ''))).toMatchObject([{ shots: 1, answered: 0 }]);
  });

  test('a script that could not be run says why', async () => {
    await expect(asked('', 'no space left')).rejects.toThrow('lookups from p gave nothing: no space left');
  });
});
