import { describe, expect, test } from '@jest/globals';
import { tally, tallyLine } from '../../scripts/tally.ts';

const jest = (numPassedTests: number, numFailedTests = 0, rest: object = {}): string =>
  JSON.stringify({ numPassedTests, numFailedTests, ...rest });

describe('the sum of a test run', () => {
  test('adds the runs of Jest and the last line of a log', () => {
    const files = {
      'unit.json': jest(5),
      'integration.json': jest(2, 0, { numPendingTests: 1 }),
      'e2e.txt': 'fault a ok\n3 passed, 0 failed, 2 skipped\n',
    };
    expect(tallyLine(tally(files))).toBe('10 passed, 0 failed, 3 skipped');
  });

  test('leaves out the skipped when there are none', () => {
    expect(tallyLine(tally({ 'unit.json': jest(5) }))).toBe('5 passed, 0 failed');
  });

  test('counts a failed step once, and not beside its failed tests', () => {
    expect(tally({ 'unit.json': jest(5, 2), 'unit.failed': '' })).toMatchObject({ failed: 2 });
    expect(tally({ 'unit.json': jest(5), 'lint.failed': '', 'types.failed': '' })).toMatchObject({ failed: 2 });
  });

  test('counts a step that failed before it wrote anything', () => {
    expect(tally({ 'unit.failed': '', 'e2e.failed': '', 'e2e.txt': 'Error: no cluster\n' })).toMatchObject({ passed: 0, failed: 2 });
  });

  test('counts a file of tests that could not start', () => {
    expect(tally({ 'unit.json': jest(5, 0, { numRuntimeErrorTestSuites: 1 }), 'unit.failed': '' })).toMatchObject({ failed: 1 });
  });
});
