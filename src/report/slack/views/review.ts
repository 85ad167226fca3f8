import type { InputBlock, KnownBlock, ModalView, PlainTextElement, PlainTextInput } from '@slack/types';
import type { Change, ChangeTerms } from '../../../domain/change.ts';
import type { RunRecord } from '../../../domain/run.ts';
import { oneLine } from '../text/escape.ts';
import { reviewParts } from './review/parts.ts';
import type { Field } from './fields.ts';

/** What the review of an order is sent back as. */
export const REVIEW_CALLBACK = 'dns_review_sent';

/** Names that what the review sends is read back by. */
export const REVIEW_FIELDS = {
  /** Why it is asked for: only in the review that asks. */
  reason: { block: 'reason', action: 'reason_text' },
  /** The cluster's name: where the policy asks for it, in the reviews that ask and approve. */
  typedName: { block: 'typed_name', action: 'typed_name_text' },
} as const satisfies Record<string, Field>;

/** What a review is for. */
export type ReviewPurpose = 'request' | 'approve' | 'undo';

/** An order in review. `reason`: what the field begins with. */
export interface Reviewed {
  change: Change;
  record: Pick<RunRecord, 'id' | 'cluster'>;
  terms: ChangeTerms;
  purpose: ReviewPurpose;
  /** An opaque text; it comes back from the client. */
  privateMetadata: string;
  reason?: string | null;
}

const longestReason = 500;
const longestName = 253;

const titles: Readonly<Record<ReviewPurpose, string>> = { request: 'Review a change', approve: 'Approve a change', undo: 'Undo a change' };

const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: false });

const asksReason = (purpose: ReviewPurpose): boolean => purpose === 'request';
const asksName = (purpose: ReviewPurpose, terms: ChangeTerms): boolean => purpose !== 'undo' && terms.typeName;

function input({ block, action }: Field, label: string, hint: string, more: Partial<PlainTextInput>, optional = false): InputBlock {
  return {
    type: 'input',
    block_id: block,
    optional,
    label: plain(label),
    hint: plain(hint),
    element: { type: 'plain_text_input', action_id: action, ...more },
  };
}

function reasonBlock({ terms, reason }: Reviewed): InputBlock {
  const begin = oneLine(reason ?? '', longestReason);
  const hint = terms.reason
    ? 'The policy asks for one. It is kept in the audit.'
    : 'It is shown to those who approve, and kept in the audit.';
  const more = { multiline: true, max_length: longestReason, ...(begin === '' ? {} : { initial_value: begin }) };
  return input(REVIEW_FIELDS.reason, 'Reason', hint, more, !terms.reason);
}

const nameBlock = ({ record }: Reviewed): InputBlock =>
  input(REVIEW_FIELDS.typedName, 'Name of the cluster', `Type it, so that it is this one: ${oneLine(record.cluster, longestName)}`, {
    max_length: longestName,
  });

function fields(reviewed: Reviewed): InputBlock[] {
  const { purpose, terms } = reviewed;
  return [...(asksReason(purpose) ? [reasonBlock(reviewed)] : []), ...(asksName(purpose, terms) ? [nameBlock(reviewed)] : [])];
}

function submitLabel({ purpose, terms }: Reviewed): string {
  if (purpose === 'request') return terms.people <= 1 ? 'Do it' : 'Request';
  return purpose === 'approve' ? 'Approve' : 'Undo';
}

/** The whole plan of an order, to be read before somebody asks for it, approves it or has it undone; with the fields that the policy asks for. */
export function reviewModal(reviewed: Reviewed): ModalView {
  const blocks: KnownBlock[] = reviewParts(reviewed).map(({ block }) => block);
  return {
    type: 'modal',
    callback_id: REVIEW_CALLBACK,
    private_metadata: reviewed.privateMetadata,
    title: plain(titles[reviewed.purpose]),
    submit: plain(submitLabel(reviewed)),
    close: plain('Cancel'),
    blocks: [...blocks, ...fields(reviewed)],
  };
}

/** What is wrong with the fields of a review that was sent, by block; null: nothing is. Fields that the review does not show are not asked for. */
export function reviewErrors({
  terms,
  cluster,
  purpose,
  reason,
  typedName,
}: {
  terms: ChangeTerms;
  cluster: string;
  purpose: ReviewPurpose;
  reason: string | null;
  typedName: string;
}): Record<string, string> | null {
  const errors: Record<string, string> = {};
  if (asksReason(purpose) && terms.reason && (reason ?? '').trim() === '')
    errors[REVIEW_FIELDS.reason.block] = 'The policy asks for a reason: say in a few words why.';
  if (asksName(purpose, terms) && typedName.trim() !== cluster)
    errors[REVIEW_FIELDS.typedName.block] = `This is not the name of the cluster: ${oneLine(cluster, longestName)}`;
  return Object.keys(errors).length === 0 ? null : errors;
}
