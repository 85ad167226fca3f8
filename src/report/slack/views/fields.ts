/** Names that what a form sends is read back by. A form's answer comes from the client: only ids are taken from it. */
export const CHECK_CALLBACK = 'dns_check';

/** A field of the form: its block and the element in it. */
export interface Field {
  block: string;
  action: string;
}

export const FIELDS = {
  cluster: { block: 'cluster', action: 'cluster_chosen' },
  /** Only there when not every cluster has room in the menu. */
  typedCluster: { block: 'cluster_typed', action: 'cluster_text' },
  pod: { block: 'pod', action: 'pod_text' },
  node: { block: 'node', action: 'node_text' },
  name: { block: 'name', action: 'name_text' },
  quick: { block: 'quick', action: 'quick_chosen' },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;

/** The value of the checkbox for a quick check. */
export const QUICK = 'quick';

/** Button of the Home tab that opens the form. */
export const OPEN_FORM = 'dns_open_form';
