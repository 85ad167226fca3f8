import { describe, expect, test } from '@jest/globals';
import type { Sight } from '../../src/domain/plan.ts';
import { mayStillShow, proofOf, sightOf } from '../../src/flows/proof.ts';

const sight = (status: Sight['status'], causes: string[], checks: Sight['checks']): Sight => ({ at: 1, status, causes, checks });

const proves = ['coredns-no-pods', 'kubedns-endpoints-empty'];
const broken = sight('broken', ['coredns-no-pods'], { 'coredns-no-pods': 'found', 'kubedns-endpoints-empty': 'found' });
const healthy = sight('healthy', [], { 'coredns-no-pods': 'passed', 'kubedns-endpoints-empty': 'passed' });

describe('what two looks prove', () => {
  test('everything that was found is gone: fixed', () => expect(proofOf(broken, healthy, { proves })).toBe('fixed'));

  test('one of two is still found: no change', () => {
    const half = sight('degraded', ['coredns-no-pods'], { 'coredns-no-pods': 'found', 'kubedns-endpoints-empty': 'passed' });
    expect(proofOf(broken, half, { proves })).toBe('no-change');
  });

  test('a check that could not look proves nothing', () => {
    const blind = sight('unknown', [], { 'coredns-no-pods': 'unknown', 'kubedns-endpoints-empty': 'passed' });
    expect(proofOf(broken, blind, { proves })).toBe('unknown');
  });

  test('a check that is missing afterwards proves nothing', () => {
    expect(proofOf(broken, sight('healthy', [], { 'coredns-no-pods': 'passed' }), { proves })).toBe('unknown');
  });

  test('a check that does not apply any more is gone', () => {
    const other = sight('healthy', [], { 'coredns-no-pods': 'passed', 'kubedns-endpoints-empty': 'not-applicable' });
    expect(proofOf(broken, other, { proves })).toBe('fixed');
  });

  test('something new is broken: worse, even where what was found is gone', () => {
    const degraded = sight('degraded', ['coredns-colocated'], { 'coredns-no-pods': 'passed' });
    const worse = sight('broken', ['corefile-no-forward'], { 'coredns-no-pods': 'passed' });
    expect(proofOf(degraded, worse, { proves })).toBe('worse');
  });

  test('what was found is gone, but lookups fail for a cause that only shows now', () => {
    const revealed = sight('broken', ['corefile-no-forward'], { 'coredns-no-pods': 'passed', 'kubedns-endpoints-empty': 'passed' });
    expect(proofOf(broken, revealed, { proves })).toBe('another');
  });

  test('what was known before, or is no outage, takes nothing from it', () => {
    const both = { ...broken, causes: ['coredns-no-pods', 'corefile-no-forward'] };
    const gone = { 'coredns-no-pods': 'passed', 'kubedns-endpoints-empty': 'passed' };
    expect(proofOf(both, sight('broken', ['corefile-no-forward'], gone), { proves })).toBe('fixed');
    expect(proofOf(broken, sight('degraded', ['coredns-colocated'], gone), { proves })).toBe('fixed');
  });

  test('nothing was found before: there is nothing to prove', () => expect(proofOf(healthy, healthy, { proves })).toBe('none'));

  test('no look before, or none after: unknown', () => {
    expect(proofOf(null, healthy, { proves })).toBe('unknown');
    expect(proofOf(broken, null, { proves })).toBe('unknown');
  });

  test('only what may still show is waited for', () => {
    expect((['fixed', 'another', 'none', 'no-change', 'worse', 'unknown'] as const).filter(mayStillShow)).toEqual([
      'another',
      'no-change',
      'worse',
      'unknown',
    ]);
  });
});

describe('what a look sees', () => {
  const verdict = { status: 'healthy', cause: null, causes: [], sentence: '' } as const;
  const checks = [{ id: 'corefile-reload-plugin-absent', status: 'found', reason: null } as const];
  const findingOf = (severity: 'info' | 'medium') =>
    [{ code: 'corefile-reload-plugin-absent', severity }] as unknown as Parameters<typeof sightOf>[0]['findings'];
  const seen = (severity: 'info' | 'medium') =>
    sightOf({ verdict: { ...verdict, causes: [] }, checks, findings: findingOf(severity) }, ['corefile-reload-plugin-absent'], 1);

  test('what is only said by the way has passed', () => {
    expect(seen('info').checks).toEqual({ 'corefile-reload-plugin-absent': 'passed' });
    expect(seen('medium').checks).toEqual({ 'corefile-reload-plugin-absent': 'found' });
  });
});
