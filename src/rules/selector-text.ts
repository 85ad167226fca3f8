import type { LabelSelector } from '../domain/coredns.ts';

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

/** A label selector as a query says it: `a=b,c in (d,e),!f`. An operator that Kubernetes does not have is left out. */
export function selectorText(selector: LabelSelector): string {
  const equal = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...equal, ...(selector.matchExpressions ?? []).flatMap(requirementText)].join(',');
}

function requirementText({ key, operator, values = [] }: Requirement): string[] {
  switch (operator) {
    case 'In':
      return [`${key} in (${values.join(',')})`];
    case 'NotIn':
      return [`${key} notin (${values.join(',')})`];
    case 'Exists':
      return [key];
    case 'DoesNotExist':
      return [`!${key}`];
    default:
      return [];
  }
}
