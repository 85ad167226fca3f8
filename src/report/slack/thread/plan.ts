import type { KnownBlock } from '@slack/types';
import { isOver, type Place, type RunRecord, type RunStep } from '../../../domain/run.ts';
import type { Message } from '../message.ts';
import { messageOf } from '../text/compose.ts';
import { escape, oneLine } from '../text/escape.ts';
import { aside, line, type Part } from '../text/parts.ts';
import { ours, type Words, words } from '../text/words.ts';
import { askedWords } from './asked.ts';
import { stateHead } from './state-head.ts';
import { type Around, waitingParts } from './waiting.ts';

const mostTasks = 50;
const perSection = 10;

/** How many steps are shown, and how much of each: all of them together must fit into a message. */
export interface StepBounds {
  most: number;
  widest: number;
  longestReason: number;
}

const many: StepBounds = { most: mostTasks, widest: 100, longestReason: 60 };

/** A step as the plan shows it: a run that is over leaves none running. */
interface Task {
  title: string;
  status: 'pending' | 'in_progress' | 'complete' | 'error';
  said: 'Waiting' | 'Running' | 'Done' | 'Failed' | 'Stopped' | 'Not begun';
}

function taskOf({ title, state, reason }: RunStep, over: boolean, { widest, longestReason }: StepBounds): Task {
  const what = oneLine(title, widest) || 'A step';
  if (state === 'ok') return { title: what, status: 'complete', said: 'Done' };
  if (state === 'pending') return { title: what, status: 'pending', said: over ? 'Not begun' : 'Waiting' };
  if (state === 'running')
    return over ? { title: `${what}: stopped`, status: 'error', said: 'Stopped' } : { title: what, status: 'in_progress', said: 'Running' };
  return { title: `${what}: ${oneLine(reason ?? 'failed', longestReason)}`, status: 'error', said: 'Failed' };
}

/** Of more steps than Slack takes, those that are done are left out first. */
function fewTasks(tasks: readonly Task[], most: number): { shown: Task[]; left: number } {
  const left = Math.max(0, tasks.length - most);
  const done = tasks.filter(({ said }) => said === 'Done').slice(0, left);
  const shown = tasks.filter((task) => !done.includes(task)).slice(0, most);
  return { shown, left: tasks.length - shown.length };
}

/** Whether a step has come to its end, well or not. */
export const hasEnded = ({ state }: RunStep): boolean => state === 'ok' || state === 'failed';

/** `4 of 11 done`, and how it ended when it is over. */
export function stepsTitle(steps: readonly RunStep[], over: boolean): string {
  const ended = steps.filter(hasEnded).length;
  const failed = steps.filter((step) => step.state === 'failed').length;
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  if (!over) return `${ended} of ${steps.length} done${failures}`;
  return ended === steps.length ? `All ${steps.length} steps are done${failures}` : `Stopped: ${ended} of ${steps.length} done${failures}`;
}

/** The same of a run. */
export const planTitle = ({ progress: { steps, state } }: RunRecord): string => stepsTitle(steps, isOver(state));

const taskLine = ({ said, title }: Task): string => `${said}: ${title}`;

function planPart(title: string, tasks: readonly Task[]): Part {
  const block: KnownBlock = {
    type: 'plan',
    title,
    tasks: tasks.map((task, index) => ({ task_id: `step-${index}`, title: task.title, status: task.status })),
  };
  const text = [title, ...tasks.map((task) => escape(taskLine(task)))].join('\n');
  return { block, text, short: title };
}

/** The same in words, for those who cannot be shown a plan. */
function sections(title: string, tasks: readonly Task[]): KnownBlock[] {
  const groups = Array.from({ length: Math.ceil(tasks.length / perSection) }, (_, at) =>
    tasks.slice(at * perSection, (at + 1) * perSection),
  );
  const texts = [title, ...groups.map((group) => group.map(taskLine).join('\n'))];
  return texts.map((text) => ({ type: 'section', text: { type: 'plain_text', text, emoji: false } }));
}

/** What stands before the plan where no card says it. */
function headParts(record: RunRecord, place: Place, around: Around): Part[] {
  if (place.thread === null) return [];
  return [line(stateHead(record)), ...waitingParts(record, around), aside(askedWords(record, place))];
}

const leftWords = (left: number): Words => ours(left === 1 ? 'and one more step that is done' : `and ${left} more steps that are done`);

/** Steps as a plan with what is left out below it, and as blocks that every client takes. */
export function stepsShown(steps: readonly RunStep[], over: boolean, bounds = many): { parts: Part[]; plain: KnownBlock[] } {
  const title = stepsTitle(steps, over);
  const { shown, left } = fewTasks(
    steps.map((step) => taskOf(step, over, bounds)),
    bounds.most,
  );
  const rest = left === 0 ? [] : [aside(words`${leftWords(left)}`)];
  return { parts: [planPart(title, shown), ...rest], plain: [...sections(title, shown), ...rest.map(({ block }) => block)] };
}

/** The live plan of the steps. Null while there is nothing to say. */
export function planMessage(record: RunRecord, place: Place, around: Around): Message | null {
  const head = headParts(record, place, around);
  const { steps, state } = record.progress;
  if (steps.length === 0) return head.length === 0 ? null : messageOf(head);
  const { parts, plain } = stepsShown(steps, isOver(state));
  return messageOf([...head, ...parts], [...head.map(({ block }) => block), ...plain]);
}
