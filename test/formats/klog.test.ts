import { describe, expect, test } from '@jest/globals';
import { klogTime, parseKlog } from '../../src/formats/klog.ts';

describe('klog', () => {
  test('a structured line gives its message and values, unquoted', () => {
    expect(
      parseKlog(
        'E1123 07:35:02.488466   14160 run.go:72] "command failed" err="failed validate: Mode: Invalid value: \\"ipvss\\": must be"',
      ),
    ).toEqual({
      severity: 'E',
      time: '1123 07:35:02.488466',
      source: 'run.go:72',
      message: 'command failed',
      values: { err: 'failed validate: Mode: Invalid value: "ipvss": must be' },
    });
  });

  test('bare words, lists and broken quotes among the values are passed over', () => {
    const values = (rest: string) => parseKlog(`I1123 07:03:42.136263       1 server.go:265] "m" ${rest}`)?.values;
    expect(values('primary ipFamily="IPv4"')).toEqual({ ipFamily: 'IPv4' });
    expect(values('NodeIPs=["172.30.0.12"] before=0 after=1')).toEqual({ NodeIPs: '["172.30.0.12"]', before: '0', after: '1' });
    expect(values('err="never ends')).toEqual({ err: 'never ends' });
  });

  test('a plain line gives its text', () => {
    expect(parseKlog('W0805 15:22:40.963754  1 reflector.go:324] failed to list *v1.Node: x')).toMatchObject({
      severity: 'W',
      message: 'failed to list *v1.Node: x',
      values: {},
    });
  });

  test.each(['', 'panic: x', 'E1123 07:35 x', '[INFO] x'])('%j is no line of it', (line) => {
    expect(parseKlog(line)).toBeNull();
  });

  test('its time gets the year that puts it before now', () => {
    expect(klogTime('1123 07:35:02.488466', new Date('2026-11-23T08:00:00Z'))).toBe('2026-11-23T07:35:02.488Z');
    expect(klogTime('1231 23:59:59.000000', new Date('2027-01-01T00:00:10Z'))).toBe('2026-12-31T23:59:59.000Z');
    expect(klogTime('1332 23:59:59.000000', new Date('2027-01-01T00:00:10Z'))).toBeNull();
  });
});
