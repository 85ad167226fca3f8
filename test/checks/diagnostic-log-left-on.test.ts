import { describe, expect, test } from '@jest/globals';
import check from '../../src/checks/diagnostic-log-left-on.ts';
import { corefile, corefileWith, directive, directives, healthyFacts, server, withDirectives } from './evidence.ts';
import { judge, theFinding } from './judging.ts';

const severity = (log: ReturnType<typeof directive>) =>
  theFinding(check, healthyFacts({ corefile: corefileWith(withDirectives(log)) })).severity;

describe('diagnostic-log-left-on', () => {
  test('passes without the plugin', () => {
    expect(judge(check, healthyFacts()).status).toBe('passed');
  });

  test('is low when every query is logged, however that is written', () => {
    expect(severity(directive('log'))).toBe('low');
    expect(severity(directive('log', ['.'], [['class', 'all']]))).toBe('low');
    expect(severity(directive('log', ['.', '{remote} {name}']))).toBe('low');
    expect(
      severity(
        directive(
          'log',
          ['.'],
          [
            ['class', 'denial'],
            ['class', 'error', 'success'],
          ],
        ),
      ),
    ).toBe('low');
  });

  test('can be taken out only where every query is logged', () => {
    const remediesFor = (log: ReturnType<typeof directive>) =>
      theFinding(check, healthyFacts({ corefile: corefileWith(withDirectives(log)) })).remedies;
    expect(remediesFor(directive('log'))).toEqual([{ id: 'restore-corefile', params: { source: 'without-log' } }]);
    expect(remediesFor(directive('log', ['.'], [['class', 'error']]))).toEqual([]);
  });

  test('is only worth knowing when it is limited to some classes, names or a stub zone', () => {
    expect(severity(directive('log', ['.'], [['class', 'denial', 'success']]))).toBe('info');
    expect(severity(directive('log', ['example.org']))).toBe('info');
    const stub = corefile({ servers: [server('.', directives()), server('corp.example.', [directive('log')])] });
    expect(theFinding(check, healthyFacts({ corefile: stub })).severity).toBe('info');
  });
});
