import { describe, expect, test } from '@jest/globals';
import type { Plan, PlannedObject } from '../../src/domain/plan.ts';
import { lookedAt } from '../../src/flows/looked-at.ts';

const changed = (kind: string, namespace: string, name: string): Pick<Plan, 'objects'> => ({
  objects: [{ object: { apiVersion: 'apps/v1', kind, namespace, name }, does: 'change', diff: [], owner: null } satisfies PlannedObject],
});

describe('what is looked at after a change', () => {
  test('the named pod, where it stays', () => {
    expect(lookedAt(changed('ConfigMap', 'shop', 'cart'), 'shop/cart-6d-x')).toBe('shop/cart-6d-x');
    expect(lookedAt(changed('Deployment', 'kube-system', 'coredns'), 'shop/coredns-1')).toBe('shop/coredns-1');
    expect(lookedAt(changed('Deployment', 'shop', 'cart'), 'shop/carter-1')).toBe('shop/carter-1');
  });

  test('its workload, where its pods are replaced', () => {
    expect(lookedAt(changed('Deployment', 'shop', 'cart'), 'shop/cart-6d-x')).toBe('shop/cart');
    expect(lookedAt(changed('StatefulSet', 'shop', 'db'), 'shop/db-0')).toBe('shop/db');
  });

  test('nothing, where none was named', () => expect(lookedAt(changed('Deployment', 'shop', 'cart'), null)).toBeNull());
});
