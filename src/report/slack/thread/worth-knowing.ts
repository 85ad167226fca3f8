import type { Report } from '../../../domain/report.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { oneLine } from '../text/escape.ts';
import { line, stepList } from '../text/parts.ts';
import { severityWords } from '../text/states.ts';
import { stepOf } from '../text/steps.ts';

/** What is no fault, and good to know. Null when there is nothing. */
export function worthKnowing({ findings }: Report): Message | null {
  const info = findings.filter(({ severity }) => severity === 'info');
  if (info.length === 0) return null;
  const steps = info.map(({ title, code, next: [first] }) => {
    const { prose, command } = stepOf(first ?? '');
    return { prose: oneLine(`${oneLine(title, 400)} (${code}). ${prose}`, 600), command };
  });
  return messageOf([line(severityWords('info')), stepList('No fault, but good to know', steps, 8)]);
}
