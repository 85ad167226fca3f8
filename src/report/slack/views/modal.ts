import type { InputBlock, KnownBlock, ModalView, PlainTextElement, PlainTextInput } from '@slack/types';
import type { Message } from '../message.ts';
import { oneLine } from '../text/escape.ts';
import { prose } from '../text/parts.ts';
import { CHECK_CALLBACK, type Field, type FieldName, FIELDS, QUICK } from './fields.ts';
import { clusterOptions } from './options.ts';

/** What the form begins with. */
export interface Preset {
  cluster?: string | null;
  pod?: string | null;
  node?: string | null;
  name?: string | null;
}

const longestInput = 3000;

const plain = (text: string): PlainTextElement => ({ type: 'plain_text', text, emoji: false });

/** A line to type; what is preset is not cut: a longer value than Slack takes is left out. */
function typed({ block, action }: Field, label: string, hint: string, value: string | null | undefined, example: string): InputBlock {
  const fits = typeof value === 'string' && value !== '' && value.length <= 253;
  const element: PlainTextInput = { type: 'plain_text_input', action_id: action, placeholder: plain(example), max_length: 253 };
  return {
    type: 'input',
    block_id: block,
    optional: true,
    label: plain(label),
    hint: plain(hint),
    element: fits ? { ...element, initial_value: oneLine(value, longestInput) } : element,
  };
}

/** The menu of clusters, and a line to type one that has no place in it. */
function clusterBlocks(clusters: readonly string[], preset: string | null): KnownBlock[] {
  const { options, left } = clusterOptions(clusters);
  const chosen = options.find(({ value }) => value === preset);
  const menu: KnownBlock = {
    type: 'input',
    block_id: FIELDS.cluster.block,
    optional: left > 0,
    label: plain('Cluster'),
    element: {
      type: 'static_select',
      action_id: FIELDS.cluster.action,
      placeholder: plain('Choose a cluster'),
      options,
      ...(chosen === undefined ? {} : { initial_option: chosen }),
    },
  };
  const missing = left === 1 ? 'One cluster is not in the menu: type its name' : `${left} clusters are not in the menu: type the name`;
  const other = typed(FIELDS.typedCluster, 'Another cluster', missing, chosen === undefined ? preset : null, 'cluster-a');
  return [...(options.length === 0 ? [] : [menu]), ...(left === 0 ? [] : [other])];
}

const quickBlock: KnownBlock = {
  type: 'input',
  block_id: FIELDS.quick.block,
  optional: true,
  label: plain('How'),
  element: {
    type: 'checkboxes',
    action_id: FIELDS.quick.action,
    options: [{ text: plain('Quick'), description: plain('No probe pods: sees less, in less time'), value: QUICK }],
  },
};

/**
 * The form for a check. `clusters`: those that the person may check; `privateMetadata`: an opaque id, it comes back from the client. Without
 * clusters it says that there are none.
 */
export function checkModal(
  clusters: readonly string[],
  { privateMetadata, preset = {} }: { privateMetadata: string; preset?: Preset },
): ModalView {
  if (clusters.length === 0)
    return messageModal('Check DNS', 'You may not check any cluster. Whoever runs dns-medic gives that right, in its policy.');
  return {
    type: 'modal',
    callback_id: CHECK_CALLBACK,
    private_metadata: privateMetadata,
    title: plain('Check DNS'),
    submit: plain('Check'),
    close: plain('Cancel'),
    blocks: [
      ...clusterBlocks(clusters, preset.cluster ?? null),
      typed(FIELDS.pod, 'Pod', 'The pod or workload that complains: names are asked from there', preset.pod, 'namespace/name'),
      typed(FIELDS.name, 'Name', 'What it looks up', preset.name, 'orders.shop.svc.cluster.local'),
      typed(
        FIELDS.node,
        'Node',
        'The node that it complains on, when no pod is named',
        preset.node,
        'ip-10-0-1-7.eu-west-1.compute.internal',
      ),
      quickBlock,
    ],
  };
}

/** Fields that cannot be taken, as the answer to a submitted form: by block, so that Slack shows each below its field. */
export const modalErrors = (problems: Readonly<Partial<Record<FieldName, string>>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(problems).map(([field, says]) => [FIELDS[field as FieldName].block, oneLine(says, 300) || 'cannot be taken']),
  );

/** Of windows that are about a check. */
const CHECK_TITLE = 'Check DNS';

/** What stands in a window until its content is there. */
export const loadingModal = (title = CHECK_TITLE): ModalView => messageModal(title, 'Loading…');

/** A window that only says something. `text` may be somebody else's. */
export const messageModal = (title: string, text: string): ModalView => saidModal(title, { blocks: [prose(text, 2500).block] });

/** A window that says what a message says: what became of a wish, or why it cannot be done any more. */
export const saidModal = (title: string | undefined, { blocks }: Pick<Message, 'blocks'>): ModalView => ({
  type: 'modal',
  title: plain(oneLine(title ?? CHECK_TITLE, 24) || 'dns-medic'),
  close: plain('Close'),
  blocks,
});
