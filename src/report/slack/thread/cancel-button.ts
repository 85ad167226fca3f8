import type { RunRecord } from '../../../domain/run.ts';
import { oneLine } from '../text/escape.ts';
import type { Part } from '../text/parts.ts';

/** Action id of the button that ends a run. Its value is the run's id and nothing else: who may is asked at the click. */
export const CANCEL_RUN = 'dns_cancel';

/** The button that ends a run that goes on. */
export function cancelButton({ id, kind, cluster }: Pick<RunRecord, 'id' | 'kind' | 'cluster'>): Part {
  const text = `To end it: cancel ${id}`;
  const label = oneLine(`Cancel the ${kind} of ${cluster}`, 75);
  return {
    block: {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: CANCEL_RUN,
          value: id,
          text: { type: 'plain_text', text: 'Cancel', emoji: false },
          accessibility_label: label,
        },
      ],
    },
    text,
    short: text,
  };
}
