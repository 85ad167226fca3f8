import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/corefile-reload-plugin-absent.ts';
import { corednsLog, corednsLogs, corefileSha, corefileWith, healthyFacts, minutesAgo, without } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const silent = corednsLogs([corednsLog({ runningSha512: null }), corednsLog({ runningSha512: null }, 1)]);
const edited = corefileWith(without('reload'), { changedAt: minutesAgo(30), sha512: corefileSha });

describe('corefile-reload-plugin-absent', () => {
  test('passes with the plugin', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is only worth knowing while nothing was edited', () => {
    expect(theFinding(check, healthyFacts({ corefile: corefileWith(without('reload')), 'coredns-logs': silent }))).toMatchObject({
      severity: 'info',
      variant: 'latent',
    });
  });

  test('is medium when pods started before the last edit', () => {
    expect(theFinding(check, healthyFacts({ corefile: edited, 'coredns-logs': silent }))).toMatchObject({
      severity: 'medium',
      args: { pods: ['coredns-a', 'coredns-b'] },
      remedies: [{ id: 'restart-coredns' }],
    });
  });

  test('believes the hash that the pods run', () => {
    expect(theFinding(check, healthyFacts({ corefile: edited })).severity).toBe('info');
  });

  test('cannot tell what an import holds', () => {
    expect(judge(check, healthyFacts({ corefile: { ...edited, opaque: ['import x'] } })).status).toBe('unknown');
  });
});
