import { ACCESSORIES, ACTIONS, CONTEXT, CONTEXT_ACTIONS, image, INPUTS } from './elements.ts';
import { SLACK_LIMITS } from './limits.ts';
import { richText, richTextElements } from './rich-text.ts';
import { all, anything, boolean, isBag, kinds, list, object, oneOf, string, under, type Fields, type Rule, type Surface } from './shape.ts';
import { STRUCTURED } from './structured.ts';
import { plainText, textObject, webAddress } from './texts.ts';

const block_id = string(SLACK_LIMITS.id, 'a block_id');

const block = (required: Fields, optional: Fields = {}): Rule => object({ type: anything, ...required }, { block_id, ...optional });

const textOrFields: Rule = (value, at, report) => {
  if (isBag(value) && value['text'] === undefined && value['fields'] === undefined) report(at, 'must have text or fields');
};

/** Also inside a container. */
const SIMPLE: Fields = {
  section: all(
    block(
      {},
      {
        text: textObject(SLACK_LIMITS.sectionText, 'a section'),
        fields: list(textObject(SLACK_LIMITS.sectionField, 'a field of a section'), SLACK_LIMITS.sectionFields, 'a section'),
        accessory: kinds(ACCESSORIES, 'a section'),
        expand: boolean,
      },
    ),
    textOrFields,
  ),
  header: block({ text: plainText(SLACK_LIMITS.header, 'a header') }),
  divider: block({}),
  context: block({ elements: list(kinds(CONTEXT, 'a context block'), SLACK_LIMITS.contextElements, 'a context block') }),
  actions: block({ elements: list(kinds(ACTIONS, 'an actions block'), SLACK_LIMITS.actionsElements, 'an actions block') }),
  rich_text: block({ elements: richTextElements }),
  image: image({ block_id, title: plainText(SLACK_LIMITS.altText, 'the title of an image') }),
  input: block(
    { label: plainText(SLACK_LIMITS.label, 'a label'), element: kinds(INPUTS, 'an input block') },
    { hint: plainText(SLACK_LIMITS.label, 'a hint'), optional: boolean, dispatch_action: boolean },
  ),
  table: STRUCTURED['table'] ?? anything,
  video: block(
    {
      video_url: webAddress,
      thumbnail_url: webAddress,
      alt_text: string(SLACK_LIMITS.altText, 'a video'),
      title: plainText(199, 'a video'),
    },
    {
      title_url: webAddress,
      author_name: string(49, 'an author'),
      provider_name: string(SLACK_LIMITS.id, 'a provider'),
      provider_icon_url: webAddress,
      description: plainText(199, 'a video'),
    },
  ),
};

const containerTitle: Rule = (value, at, report) => {
  if (isBag(value) && value['title'] === undefined && value['rich_text_title'] === undefined)
    report(at, 'must have title or rich_text_title');
  if (isBag(value) && value['default_collapsed'] === true && value['is_collapsible'] !== true) {
    report(under(at, 'default_collapsed'), 'needs is_collapsible');
  }
};

const container = all(
  block(
    { child_blocks: list(kinds(SIMPLE, 'a container'), SLACK_LIMITS.containerBlocks, 'a container') },
    {
      title: plainText(SLACK_LIMITS.containerTitle, 'a container'),
      rich_text_title: richText,
      subtitle: textObject(SLACK_LIMITS.containerTitle, 'a container'),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: image(),
      is_collapsible: boolean,
      default_collapsed: boolean,
      has_header_divider: boolean,
    },
  ),
  containerTitle,
);

const ALL: Fields = {
  ...SIMPLE,
  ...STRUCTURED,
  container,
  alert: block(
    { text: textObject(SLACK_LIMITS.textObject, 'an alert') },
    { level: oneOf('default', 'info', 'warning', 'error', 'success') },
  ),
  markdown: block({ text: string(SLACK_LIMITS.markdown, 'a markdown block') }),
  context_actions: block({ elements: list(kinds(CONTEXT_ACTIONS, 'a context_actions block'), 5, 'a context_actions block') }),
};

/** Blocks that are not for every place. */
const ONLY: Readonly<Record<string, readonly Surface[]>> = {
  alert: ['modal'],
  container: ['message'],
  markdown: ['message'],
  plan: ['message'],
  task_card: ['message'],
  card: ['message'],
  carousel: ['message'],
  context_actions: ['message'],
  table: ['message', 'home'],
  data_table: ['message', 'home'],
};

/** The rule of one block in its place. */
export function blockRule(where: Surface): Rule {
  const here = Object.entries(ALL).filter(([type]) => ONLY[type]?.includes(where) ?? true);
  return kinds(Object.fromEntries(here), `a ${where}`);
}
