/**
 * Slack's numbers for messages and views: characters where nothing else is said. Sources: docs.slack.dev (Block Kit reference, chat.*
 * methods), and where Slack publishes no number, what others have measured; those say so.
 */
export const SLACK_LIMITS = {
  blocks: { message: 50, modal: 100, home: 100 },
  /** Advised for a message, enforced by chat.update. */
  text: 4_000,
  /** What one text object of any kind can hold. */
  textObject: 3_000,
  sectionText: 3_000,
  sectionFields: 10,
  sectionField: 2_000,
  header: 150,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  options: 100,
  optionGroups: 100,
  overflowOptions: 5,
  choices: 10,
  optionText: 75,
  optionValue: 75,
  placeholder: 150,
  altText: 2_000,
  label: 2_000,
  id: 255,
  tableRows: 100,
  tableCells: 20,
  /** Over all cells of all tables of a message. */
  tableText: 10_000,
  planTasks: 50,
  /** Of plans and tasks: the documented bound of the same text in a stream. */
  taskTitle: 256,
  containerBlocks: 10,
  containerTitle: 150,
  markdown: 12_000,
  viewTitle: 24,
  privateMetadata: 3_000,
  /** Bytes of a view as JSON. */
  viewBytes: 250_000,
  /**
   * Of a message's blocks together, as `blocksWeight` counts. Slack refuses more with `msg_blocks_too_long` and publishes no number:
   * measured by several people at about 13,200 characters, `&`, `<` and `>` counted as entities, and about 100 for each block.
   */
  blocksWeight: 13_200,
  blockOverhead: 100,
} as const;
