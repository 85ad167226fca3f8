/** Parts of Slack messages for the tests. */
export const letters = (count: number): string => 'x'.repeat(count);
export const plain = (text: string) => ({ type: 'plain_text', text });
export const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } });
export const context = (count: number) => ({ type: 'context', elements: Array.from({ length: count }, () => plain('a')) });
export const button = (action_id = 'press', more: object = {}) => ({
  type: 'button',
  text: plain('Press'),
  action_id,
  value: 'v',
  ...more,
});
export const actions = (...elements: unknown[]) => ({ type: 'actions', elements });
export const markdown = (text: string) => ({ type: 'markdown', text });
export const table = (rows: string[][]) => ({ type: 'table', rows: rows.map((row) => row.map((text) => ({ type: 'raw_text', text }))) });
export const task = (task_id: string, status = 'pending') => ({ task_id, title: `Step ${task_id}`, status });
export const plan = (tasks: unknown[]) => ({ type: 'plan', title: 'Steps', tasks });
export const preformatted = (...texts: string[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_preformatted', elements: texts.map((text) => ({ type: 'text', text })) }],
});
export const input = (element: object = { type: 'plain_text_input', action_id: 'words' }) => ({
  type: 'input',
  block_id: 'field',
  label: plain('Words'),
  element,
});
