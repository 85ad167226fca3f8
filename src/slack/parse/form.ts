import { type FieldName, FIELDS, QUICK } from '../../report/slack/views/fields.ts';
import type { Complaint } from './command.ts';
import { complaintOf } from './complaint.ts';
import { normalise } from './normalise.ts';
import type { Given } from './sort-words.ts';

/** What a submitted form says of one of its elements, as far as it is read. */
interface Stated {
  value?: string | null | undefined;
  selected_option?: { value?: string | undefined } | null | undefined;
  selected_options?: readonly { value?: string | undefined }[] | null | undefined;
}

/** The state of a submitted form: by block and by element. It comes from a client. */
export type FormState = Readonly<Record<string, Readonly<Record<string, Stated>>>>;

/** What a form asks for, or by field what is wrong with it. */
export type FormWish = { cluster: string; complaint: Complaint } | { problems: Partial<Record<FieldName, string>> };

const stated = (state: FormState, field: FieldName): Stated => state[FIELDS[field].block]?.[FIELDS[field].action] ?? {};
const typed = (state: FormState, field: FieldName): string => normalise(stated(state, field).value ?? '');

const OPTION_FIELDS = ['pod', 'node', 'name'] as const;

function given(state: FormState): Given[] {
  const options: Given[] = OPTION_FIELDS.map((key) => ({ key, value: typed(state, key).replaceAll(' ', key === 'name' ? ',' : ' ') }));
  const quick = (stated(state, 'quick').selected_options ?? []).some(({ value }) => value === QUICK);
  return [...options.filter(({ value }) => value !== ''), { key: 'quick', value: quick ? 'yes' : 'no' }];
}

function problemsOf(options: readonly Given[]): Partial<Record<FieldName, string>> {
  const wrong = options.map((option) => ({ field: option.key as FieldName, read: complaintOf([option]) }));
  return Object.fromEntries(wrong.flatMap(({ field, read }) => ('verb' in read ? [[field, read.expected ?? '']] : [])));
}

/** Reads a submitted form. A cluster that is not among `clusters` is a problem of the field that it was typed in. */
export function wishOf(state: FormState, clusters: readonly string[]): FormWish {
  const byName = typed(state, 'typedCluster');
  const cluster = byName === '' ? (stated(state, 'cluster').selected_option?.value ?? '') : byName;
  const field: FieldName = byName === '' ? 'cluster' : 'typedCluster';
  const options = given(state);
  const problems = { ...problemsOf(options), ...(clusters.includes(cluster) ? {} : { [field]: 'expected the name of a cluster' }) };
  const complaint = complaintOf(options);
  return Object.keys(problems).length > 0 || 'verb' in complaint ? { problems } : { cluster, complaint };
}
