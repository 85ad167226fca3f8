import type { AuditEntry, AuditLine } from '../../src/domain/audit.ts';
import { headOf, sealed } from '../../src/audit/chain.ts';

export const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  at: 1,
  actor: { kind: 'person', id: 'U1' },
  action: 'requested',
  cluster: 'a',
  change: 'c'.repeat(32),
  remedy: 'restart-coredns',
  run: '0123456789',
  digest: 'd'.repeat(64),
  details: { reason: 'because', causes: ['x', 'y'] },
  ...change,
});

/** A chain of so many lines. */
export function chain(length: number): AuditLine[] {
  const lines: AuditLine[] = [];
  for (let at = 1; at <= length; at += 1) {
    const last = lines.at(-1);
    lines.push(sealed(last === undefined ? null : headOf(last), entry({ at })));
  }
  return lines;
}
