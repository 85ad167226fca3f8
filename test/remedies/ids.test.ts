import { expect, test } from '@jest/globals';
import { RemedyId } from '../../src/domain/remedy-id.ts';
import { remedies } from '../../src/remedies/registry.ts';

test('the remedies are those that a policy may name', () => {
  expect(remedies.map(({ id }) => id).toSorted()).toEqual(RemedyId.options.toSorted());
});
