import { describe, expect, test } from '@jest/globals';
import type { LookupRow } from '../../src/domain/lookups.ts';
import { cellOf } from '../../src/report/terminal/matrix-cell.ts';
import { matrixBlock } from '../../src/report/terminal/matrix.ts';
import { plain } from '../../src/report/terminal/palette.ts';
import { coded, lookups, lost, row } from '../checks/evidence.ts';
import { expectGolden } from './golden.ts';
import { readings } from './made.ts';

const matrix = (rows: LookupRow[], width = 100): string[] => matrixBlock(readings({ lookups: lookups(rows) }), { width, palette: plain });

describe('a cell of the lookup matrix', () => {
  test.each<[string, Partial<LookupRow>[], string]>([
    ['all answered', [{ p50Ms: 1 }], 'ok 1ms'],
    ['the slowest median counts', [{ p50Ms: 1 }, { role: 'fresh', p50Ms: 1234 }], 'ok 1.2s'],
    ['some lost', [{ answered: 3, failure: 'timeout' }], '3/5'],
    ['all lost', [lost('timeout')], 'timeout'],
    ['refused', [lost('refused')], 'refused'],
    ['no route', [lost('unreachable')], 'unreach'],
    ['an error code', [coded('SERVFAIL')], 'SERVFAIL'],
    ['a name that must exist does not', [coded('NXDOMAIN')], 'NXDOMAIN'],
    ['a name that need not exist does not', [{ ...coded('NXDOMAIN'), role: 'fresh', p50Ms: 2 }], 'ok 2ms'],
    ['one name lost, one not', [{ role: 'external' }, { role: 'fresh-external', ...lost('timeout') }], '5/10'],
    ['nothing was asked', [], '·'],
  ])('says %s', (_what, rows, text) => {
    expect(cellOf(rows.map((over) => row(over))).text).toBe(text);
  });
});

describe('the lookup matrix', () => {
  const asked = (nodes: number, pods: number, over: (node: number, pod: number) => Partial<LookupRow> = () => ({})): LookupRow[] =>
    Array.from({ length: nodes }, (_, node) =>
      Array.from({ length: pods }, (__, pod) =>
        (['udp', 'tcp'] as const).flatMap((proto) =>
          (['internal', 'external'] as const).map((role) =>
            row({
              from: { node: `ip-10-0-${node}-1.eu-west-1.compute.internal`, pod: `probe-${node}`, how: 'probe' },
              ...{
                server: `10.0.9.${pod}`,
                serverKind: 'endpoint',
                serverPod: `coredns-7d8f9c6b5-x${pod}`,
                serverNode: `ip-10-0-${pod}-1.eu-west-1.compute.internal`,
                proto,
                role,
              },
              ...over(node, pod),
            }),
          ),
        ),
      ).flat(),
    ).flat();

  test('of two nodes stands in 100 columns side by side', () => {
    const lines = matrix(asked(2, 2, (node, pod) => (node === pod ? {} : lost('timeout'))));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(lines.filter((line) => line.includes('from A') && line.includes('from B'))).toHaveLength(1);
  });

  test('of many nodes and pods goes on below, with letters for nodes, what is sick first', () => {
    const lines = matrix(asked(3, 20, (_node, pod) => (pod === 17 ? lost('refused') : {})));
    expectGolden('matrix-wide', `${lines.join('\n')}\n`);
  });

  test.each([80, 100, 120])('keeps within %d columns, and 100', (width) => {
    const lines = matrix(asked(8, 30), width);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(width, 100));
  });

  test('tells names that were asked for apart, and whether all servers agree', () => {
    const one = { role: 'asked' as const, name: 'api.shop.svc.cluster.local.' };
    const lines = matrix([
      row({ ...one, ...coded('NXDOMAIN') }),
      row({ ...one, ...coded('NXDOMAIN'), serverKind: 'endpoint', serverPod: 'coredns-a' }),
      row({ ...one, name: 'cart.', answers: ['10.1.1.1'] }),
    ]);
    expect(lines).toEqual([
      'Lookups',
      '  · api.shop.svc.cluster.local. (asked for): NXDOMAIN from every server',
      '  · cart. (asked for): 10.1.1.1 from the Service',
    ]);
  });

  test('is not there when nothing was looked up', () => {
    expect(matrix([])).toEqual([]);
    expect(matrixBlock({ lookups: { status: 'ok', data: 'nonsense' } }, { width: 100, palette: plain })).toEqual([]);
  });
});
