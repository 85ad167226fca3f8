import { clean } from './text.ts';

/** What is on the plot, in numbers of queries. */
export interface Shown {
  answered: number;
  lost: number;
  /** Of the answered, those with a dot. */
  dots: number;
  /** Whether there are lines for when clients ask again. */
  retries: boolean;
}

const grouped = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

/** `12 of 40`, shorter where that does not fit. */
export const lossCount = (lost: number, total: number, fits: (words: string) => boolean): string =>
  total === 0 ? '' : ([`${grouped(lost)} of ${grouped(total)}`, grouped(lost)].find(fits) ?? 'very many');

/** What stands under the plot. */
export function caption({ answered, lost, dots, retries }: Shown): string {
  const total = answered + lost;
  if (total === 0) return 'No packet of DNS was seen.';
  const parts = [
    total === 1 ? '1 query' : `${grouped(total)} queries`,
    lost === 0 ? 'each answered' : `${grouped(lost)} without an answer`,
    ...(dots < answered ? [`${grouped(dots)} dots drawn, with the slowest and fastest of each moment`] : []),
    ...(retries ? ['dotted: when musl and glibc ask again'] : []),
  ];
  return `${parts.join('; ')}.`;
}

/** What a screen reader says of the plot. `shares`: as the labels of their lines, such as `p50 1.2 ms`. */
export function altTextOfLatency(title: string, verdict: string, said: string, shares: readonly string[]): string {
  const latency = shares.length === 0 ? '' : `Latency: ${shares.join(', ')}.`;
  const heading = clean(title).slice(0, 300);
  return [heading === '' ? '' : `${heading}.`, clean(verdict).slice(0, 600), said, latency].filter((part) => part !== '').join(' ');
}
