import { button, image } from './elements.ts';
import { SLACK_LIMITS } from './limits.ts';
import { richText } from './rich-text.ts';
import { all, anything, boolean, integer, isBag, kinds, list, object, oneOf, string, under, type Fields, type Rule } from './shape.ts';
import { mrkdwnText, webAddress } from './texts.ts';

const id = string(SLACK_LIMITS.id, 'an id');

const number: Rule = (value, at, report) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) report(at, 'must be a number');
};

const cellText = string(SLACK_LIMITS.tableText, 'a table');
const cell = kinds(
  {
    raw_text: object({ type: anything, text: cellText }),
    raw_number: object({ type: anything, value: number, text: cellText }),
    rich_text: richText,
  },
  'a table',
);
const row = list(cell, SLACK_LIMITS.tableCells, 'a row of a table');

const source = object({ type: oneOf('url'), url: webAddress, text: string(SLACK_LIMITS.textObject, 'a source') });
const taskFields: Fields = {
  task_id: id,
  title: string(SLACK_LIMITS.taskTitle, 'a task'),
  status: oneOf('pending', 'in_progress', 'complete', 'error'),
};
const taskExtras: Fields = { block_id: id, details: richText, output: richText, sources: list(source, 100, 'a task') };

/** Within a plan the type of a task may be left out. */
const planTask = object(taskFields, { type: oneOf('task_card'), ...taskExtras });

const ownTaskIds: Rule = (value, at, report) => {
  if (!isBag(value) || !Array.isArray(value['tasks'])) return;
  const seen = new Set<unknown>();
  value['tasks'].filter(isBag).forEach((task, index) => {
    if (seen.has(task['task_id'])) report(under(under(under(at, 'tasks'), index), 'task_id'), 'stands twice in the plan');
    seen.add(task['task_id']);
  });
};

const card = (optional: Fields): Rule =>
  object(
    { type: anything },
    {
      hero_image: image(),
      icon: image(),
      title: mrkdwnText(150, 'the title of a card'),
      subtitle: mrkdwnText(150, 'the subtitle of a card'),
      body: mrkdwnText(200, 'the body of a card'),
      actions: list(kinds({ button }, 'a card'), SLACK_LIMITS.actionsElements, 'a card'),
      ...optional,
    },
  );

/** Blocks with rows, tasks or cards in them. */
export const STRUCTURED: Fields = {
  table: object(
    { type: anything, rows: list(row, SLACK_LIMITS.tableRows, 'a table') },
    {
      block_id: id,
      column_settings: list(
        object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean }),
        SLACK_LIMITS.tableCells,
        'a table',
      ),
    },
  ),
  data_table: object(
    {
      type: anything,
      rows: list(row, SLACK_LIMITS.tableRows + 1, 'a data table', 2),
      caption: string(SLACK_LIMITS.textObject, 'a caption'),
    },
    { block_id: id, page_size: integer(1, 100), row_header_column_index: integer(0, SLACK_LIMITS.tableCells - 1) },
  ),
  plan: all(
    object(
      { type: anything, title: string(SLACK_LIMITS.taskTitle, 'a plan') },
      { block_id: id, tasks: list(planTask, SLACK_LIMITS.planTasks, 'a plan', 0) },
    ),
    ownTaskIds,
  ),
  task_card: object({ type: anything, ...taskFields }, taskExtras),
  card: card({ block_id: id }),
  carousel: object(
    { type: anything, elements: list(kinds({ card: card({ block_id: id }) }, 'a carousel'), 10, 'a carousel') },
    { block_id: id },
  ),
};
