import { expect } from '@jest/globals';
import type { AnyCheck, Judgement, JudgeContext, Wording } from '../../src/domain/check.ts';
import type { ReadingData } from '../../src/domain/evidence.ts';
import type { Finding } from '../../src/domain/finding.ts';
import { readingIds, schemas } from '../../src/domain/evidence.ts';
import { now } from './evidence.ts';

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
};

export const context = (
  request: Partial<JudgeContext['request']> = {},
  failed: NonNullable<JudgeContext['failed']> = {},
): JudgeContext => ({
  now,
  failed,
  request: { pod: null, node: null, names: [], quick: false, ...request },
});

const resolve = (data: unknown, pointer: string): unknown => {
  const keys = pointer.split('/').slice(1);
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~')).reduce(step, data);
};
const step = (here: unknown, key: string): unknown =>
  typeof here === 'object' && here !== null ? Object.entries(here).find(([name]) => name === key)?.[1] : undefined;

const isWording = (wording: AnyCheck['wording']): wording is Wording => Array.isArray(wording['next']);
const wordingOf = ({ id, wording }: AnyCheck, variant = 'default'): Wording => {
  const chosen = isWording(wording) ? wording : wording[variant];
  if (chosen === undefined) throw new Error(`${id} has no wording for the variant ${variant}`);
  return chosen;
};

/** A finding must be provable and sayable: its proof points at something, and its words use only arguments that it has. */
const holdUp = (check: AnyCheck, facts: Partial<ReadingData>, finding: Finding): void => {
  expect(finding.code).toBe(check.id);
  expect(finding.proof.length).toBeGreaterThan(0);
  for (const { reading, pointer } of finding.proof) {
    const value = resolve(new Map<string, unknown>(Object.entries(facts)).get(reading), pointer);
    if (value === undefined) throw new Error(`${check.id}: nothing at ${reading}${pointer}`);
  }
  const { found, next } = wordingOf(check, finding.variant);
  for (const [, arg] of [found, ...next].join(' ').matchAll(/\{(\w+)\}/g)) expect(['subject', ...Object.keys(finding.args)]).toContain(arg);
};

const seen = (check: AnyCheck, facts: Partial<ReadingData>): Partial<ReadingData> =>
  Object.fromEntries(readingIds.filter((id) => check.requires.includes(id) || check.uses.includes(id)).map((id) => [id, facts[id]]));

/**
 * Judges frozen facts as the runner does: the check sees only what it declared, and the evidence is valid. Findings are held up to what every
 * finding owes: a proof that is there and words without holes.
 */
export function judge(
  check: AnyCheck,
  facts: Partial<ReadingData>,
  request: Partial<JudgeContext['request']> = {},
  failed: NonNullable<JudgeContext['failed']> = {},
): Judgement {
  for (const id of readingIds) if (facts[id] !== undefined) schemas[id].parse(facts[id]);
  if (check.requires.includes('capture') && facts.capture === undefined)
    return { status: 'not-applicable', reason: 'no packets were captured' };
  // The registry takes the types off, as `AnyCheck` says.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const judgement = check.judge(freeze(structuredClone(seen(check, facts))) as never, context(request, failed));
  if (judgement.status === 'found') for (const finding of judgement.findings) holdUp(check, facts, finding);
  return judgement;
}

/** The findings, none when it found none. */
export const findingsOf = (
  check: AnyCheck,
  facts: Partial<ReadingData>,
  request: Partial<JudgeContext['request']> = {},
  failed: NonNullable<JudgeContext['failed']> = {},
): Finding[] => {
  const judgement = judge(check, facts, request, failed);
  return judgement.status === 'found' ? judgement.findings : [];
};

/** The one finding; fails when there is none or more. */
export const theFinding = (
  check: AnyCheck,
  facts: Partial<ReadingData>,
  request: Partial<JudgeContext['request']> = {},
  failed: NonNullable<JudgeContext['failed']> = {},
): Finding => {
  const findings = findingsOf(check, facts, request, failed);
  const [only] = findings;
  if (only === undefined || findings.length > 1) throw new Error(`${check.id} found ${findings.length}`);
  return only;
};
