import { describe, expect, test } from '@jest/globals';
import { prune } from '../../src/cluster/prune.ts';

describe('an answer of the API server', () => {
  test('keeps of managedFields who, when and which data', () => {
    const entry = { manager: 'eks', operation: 'Apply', apiVersion: 'v1', time: 't', fieldsType: 'FieldsV1' };
    const fieldsV1 = { 'f:data': { '.': {}, 'f:Corefile': { deep: 1 } }, 'f:metadata': { 'f:labels': {} } };
    const [kept] = prune({ metadata: { managedFields: [{ ...entry, fieldsV1 }] } })['metadata']['managedFields'];
    expect(kept).toEqual({
      manager: 'eks',
      operation: 'Apply',
      apiVersion: 'v1',
      time: 't',
      fieldsV1: { 'f:data': { 'f:Corefile': {} }, 'f:metadata': {} },
    });
  });

  test('loses the last applied configuration, keeps the other annotations, without their secrets', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', a: 'https://u:hunter2@h/', b: 'plain words' };
    expect(prune({ metadata: { annotations } })).toEqual({ metadata: { annotations: { a: 'https://u:[redacted]@h/', b: 'plain words' } } });
  });

  test('has no secrets in the data of a ConfigMap, in arguments and in the environment', () => {
    const clean = prune({
      data: { Corefile: '. { credentials root hunter2 }\n  credentials root hunter2\n', DB_PASSWORD: 'hunter2' },
      args: ['--token=abc', '--v=2'],
      env: [{ name: 'API_TOKEN', value: 'abc' }, { name: 'HOME', value: '/root' }, { name: 'TOKEN', valueFrom: {} }, null],
    });
    expect(JSON.stringify(clean)).not.toMatch(/root hunter2\\n|"hunter2|abc/);
    expect(clean['args']).toEqual(['--token=[redacted]', '--v=2']);
    expect(clean['env']).toEqual([
      { name: 'API_TOKEN', value: '[redacted]' },
      { name: 'HOME', value: '/root' },
      { name: 'TOKEN', valueFrom: {} },
      null,
    ]);
  });

  test('shows of Secrets only the keys', () => {
    const secret = { kind: 'Secret', data: { a: 'YQ==' }, stringData: { b: 'c' } };
    expect(prune(structuredClone(secret))).toEqual({ kind: 'Secret', data: { a: '[redacted]' }, stringData: { b: '[redacted]' } });
    expect(prune({ kind: 'SecretList', items: [{ data: { a: 'YQ==' } }, null] })).toEqual({
      kind: 'SecretList',
      items: [{ data: { a: '[redacted]' } }, null],
    });
  });

  test.each([
    ['managedFields that are no list', { managedFields: 7 }],
    ['entries that are no objects', { managedFields: [null, 1] }],
    ['annotations that are null', { annotations: null }],
    ['env that is a string', { env: 'x' }],
    ['a Secret without data', { kind: 'Secret', data: null }],
  ])('may hold %s', (_what, hostile) => {
    expect(() => prune(hostile)).not.toThrow();
  });

  test('cannot reach the prototype of objects', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": "token=abc def"}, "constructor": "x"}') as Record<string, unknown>;
    prune(hostile);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('is refused when it nests absurdly deep', () => {
    const deep = JSON.parse('{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)) as Record<string, unknown>;
    expect(() => prune(deep)).toThrow('nested more than');
  });
});
