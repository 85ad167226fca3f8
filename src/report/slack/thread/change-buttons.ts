import type { ActionsBlockElement } from '@slack/types';
import { size } from '../../terminal/amounts.ts';
import { escape, oneLine } from '../text/escape.ts';
import type { Part } from '../text/parts.ts';

/** Opens the review of an order that is proposed. */
export const REVIEW_CHANGE = 'dns_review';
/** Opens the review of an order that waits for approval. */
export const APPROVE_CHANGE = 'dns_approve';
/** Says no to an order: dismisses one that is proposed, declines one that was asked for. */
export const DECLINE_CHANGE = 'dns_decline';
/** Stops an order that is being done, after what is begun. */
export const STOP_CHANGE = 'dns_stop';
/** Opens the review of undoing an order. */
export const UNDO_CHANGE = 'dns_undo';
/** Asks for the lines of a query log as a file. */
export const SHOW_LINES = 'dns_lines';
/** Asks for the files of a capture. */
export const SHOW_FILES = 'dns_files';

/** Which order a button is about: the run whose check proposed it, and its own id. Nothing else is in its value. */
export interface ButtonOf {
  run: string;
  change: string;
  /** For the accessible label: what of which cluster. */
  remedy: string;
  cluster: string;
}

/** A button: what it does, its label, the sentence before the remedy's name in its accessible label, and the colour. */
export interface ChangeButton {
  action: string;
  label: string;
  says: string;
  style?: 'primary' | 'danger';
}

/** The value of a button. It names the order and nothing else: who may do what is asked at the click. */
export const changeValue = ({ run, change }: Pick<ButtonOf, 'run' | 'change'>): string => `${run}.${change}`;

function element({ action, label, says, style }: ChangeButton, of: ButtonOf): ActionsBlockElement {
  return {
    type: 'button',
    action_id: action,
    value: changeValue(of),
    text: { type: 'plain_text', text: label, emoji: false },
    accessibility_label: oneLine(`${says} ${of.remedy} in ${of.cluster}`, 75),
    ...(style === undefined ? {} : { style }),
  };
}

/** Buttons of an order in a row. */
export function changeButtons(buttons: readonly ChangeButton[], of: ButtonOf): Part[] {
  if (buttons.length === 0) return [];
  const text = `Buttons: ${buttons.map(({ label }) => escape(label)).join(', ')}`;
  return [{ block: { type: 'actions', elements: buttons.map((button) => element(button, of)) }, text, short: text }];
}

/** "Review & approve…" where one person suffices, else "Review…". */
export const reviewButton = (alone: boolean): ChangeButton => ({
  action: REVIEW_CHANGE,
  label: alone ? 'Review & approve…' : 'Review…',
  says: 'Review',
  style: 'primary',
});
export const dismissButton: ChangeButton = { action: DECLINE_CHANGE, label: 'Dismiss', says: 'Dismiss' };
export const approveButton: ChangeButton = { action: APPROVE_CHANGE, label: 'Approve…', says: 'Review and approve', style: 'primary' };
export const declineButton: ChangeButton = { action: DECLINE_CHANGE, label: 'Decline', says: 'Decline' };
export const stopButton = (pods: boolean): ChangeButton => ({
  action: STOP_CHANGE,
  label: pods ? 'Stop after this pod' : 'Stop',
  says: 'Stop',
  style: 'danger',
});
export const undoButton: ChangeButton = { action: UNDO_CHANGE, label: 'Undo…', says: 'Undo' };
export const endNowButton: ChangeButton = { action: UNDO_CHANGE, label: 'Switch off and sum up now', says: 'End now' };
export const linesButton: ChangeButton = { action: SHOW_LINES, label: 'Lines as a file', says: 'Get the lines of' };
/** `bytes`: of all files together. */
export const filesButton = (bytes: number): ChangeButton => ({
  action: SHOW_FILES,
  label: `Files of the capture (${size(bytes)})`,
  says: 'Get the files of',
});
