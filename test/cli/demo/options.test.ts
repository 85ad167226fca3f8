import { describe, expect, test } from '@jest/globals';
import { UsageError } from '../../../src/base/failure.ts';
import { demoOptions } from '../../../src/cli/demo/options.ts';

describe('the arguments of the demo', () => {
  test('may be none: the usual cluster, and it stays', () => {
    expect(demoOptions([], '/here')).toEqual({ help: false, once: false, fault: null, kubeconfig: null });
  });

  test('name a recorded fault, in any order', () => {
    expect(demoOptions(['--once', 'healthy'], '/here')).toMatchObject({ once: true, fault: 'healthy' });
    expect(demoOptions(['healthy', '--once'], '/here')).toMatchObject({ once: true, fault: 'healthy' });
  });

  test('name a kubeconfig from where the command was typed', () => {
    expect(demoOptions(['--kubeconfig', 'lab/config'], '/here').kubeconfig).toBe('/here/lab/config');
    expect(demoOptions(['--kubeconfig=/etc/config'], '/here').kubeconfig).toBe('/etc/config');
  });

  test.each([
    [['--frob'], "Unknown option '--frob' (--help"],
    [['a', 'b', 'c'], 'not also b, c'],
    [['a', '--kubeconfig', 'f'], 'either NAME'],
    [['--kubeconfig='], 'name a file'],
    [['--kubeconfig'], 'argument missing'],
    [['--once=yes'], 'does not take an argument'],
  ])('%j are refused with the reason', (args, words) => {
    expect(() => demoOptions(args, '/here')).toThrow(UsageError);
    expect(() => demoOptions(args, '/here')).toThrow(words);
  });
});
