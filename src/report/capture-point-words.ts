import type { CapturePointReport } from '../domain/capture.ts';
import { percent } from './capture-words.ts';
import { printable } from './printable.ts';

const of = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? noun : noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`}`;
function milliseconds(ms: number): string {
  if (ms < 0.1) return 'under 0.1 ms';
  return ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
const listed = (counts: readonly (readonly [string, number])[]): string =>
  counts
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
    .join(', ');

/** What a capture has, in a sentence. */
export function amountWords(point: CapturePointReport): string {
  const { packets, queries, answered, unanswered, open, untracked, from, to } = point;
  if (packets === 0) return 'no packet of DNS';
  const seconds = from === null || to === null ? 0 : (to - from) / 1000;
  const rest = listed([
    ['unanswered', unanswered],
    ['still open at the end', open],
    ['lost sight of', untracked],
  ]);
  return `${of(packets, 'packet')} of DNS in ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s: ${of(queries, 'query')}, ${answered.toLocaleString('en')} answered${rest === '' ? '' : `, ${rest}`}`;
}

function answers({ rcodes, latency }: CapturePointReport): string[] {
  const codes = Object.entries(rcodes).toSorted((a, b) => b[1] - a[1]);
  const times =
    latency === null
      ? ''
      : `; half of them took up to ${milliseconds(latency.p50Ms)}, 99 % up to ${milliseconds(latency.p99Ms)}, the slowest ${milliseconds(latency.maxMs)}`;
  return codes.length === 0 ? [] : [`Answers: ${listed(codes)}${times}.`];
}

function repeats({ retransmissions: { glibc, musl, afterServfail, other } }: CapturePointReport): string[] {
  const kinds = listed([
    ['after 5 s, as glibc does', glibc],
    ['after 2.5 s, as musl does', musl],
    ['at once after SERVFAIL, as musl does', afterServfail],
    ['at other times', other],
  ]);
  return kinds === '' ? [] : [`Asked again: ${kinds}.`];
}

function overTcp({ truncated, connections }: CapturePointReport): string[] {
  const failed = listed([
    ['refused', connections.refused],
    ['without an answer', connections.unanswered],
  ]);
  return [
    ...(truncated.answers === 0
      ? []
      : [`${of(truncated.answers, 'answer')} did not fit into UDP; ${truncated.askedOverTcp} asked for again over TCP.`]),
    ...(connections.attempted === 0
      ? []
      : [`TCP: ${of(connections.attempted, 'connection')}, ${connections.accepted} made${failed === '' ? '' : `, ${failed}`}.`]),
  ];
}

function errors({ unreachable, pairs, fromElsewhere }: CapturePointReport): string[] {
  return [
    ...unreachable.map(({ what, by, about, count }) =>
      about === 'query'
        ? `${printable(by, 60)} said “${what} unreachable” ${count === 1 ? 'once' : `${count} times`}.`
        : `${printable(by, 60)} did not wait for ${of(count, 'answer')} any more.`,
    ),
    ...(pairs.oneLost === 0
      ? []
      : [
          `Of ${of(pairs.sent, 'pair')} of A and AAAA from one port, ${pairs.oneLost} had one of the two unanswered at first, ${pairs.bothLost} both.`,
        ]),
    ...(fromElsewhere === 0
      ? []
      : [`${of(fromElsewhere, 'answer')} came from another address than the one that was asked: clients do not take these.`]),
  ];
}

function load({ search, peaks }: CapturePointReport): string[] {
  const limited = peaks.filter(({ perSecond, limit }) => limit !== null && perSecond >= limit * 0.7);
  const share = search.queries === 0 ? 0 : search.wasted / search.queries;
  return [
    ...(share < 0.3 || search.wasted < 10
      ? []
      : [`${percent(share)} of the queries were made by the search list alone (ndots): ${search.wasted} of ${search.queries}.`]),
    ...limited.map(
      ({ server, perSecond, limit }) =>
        `${printable(server, 60)} was sent ${perSecond.toLocaleString('en')} packets in one second; ${(limit ?? 0).toLocaleString('en')} a second is what a network interface may send to the resolver of its VPC.`,
    ),
  ];
}

function trust({ file, dropped, encrypted, unreadable, untracked }: CapturePointReport): string[] {
  return [
    ...(file?.cut == null ? [] : [`The file ends before its end: ${printable(file.cut, 200)}. What came after is not known.`]),
    ...(dropped === null || dropped === 0
      ? []
      : [`The capture could not keep up: ${of(dropped, 'packet')} missing. Lost packets may be among these.`]),
    ...(untracked === 0 ? [] : [`More queries were open at once than can be followed: ${untracked.toLocaleString('en')} were given up.`]),
    ...(encrypted === 0 ? [] : [`${of(encrypted, 'packet')} of encrypted DNS (port 853): what they ask cannot be seen.`]),
    ...(unreadable === 0 ? [] : [`${of(unreadable, 'packet')} on port 53 that ${unreadable === 1 ? 'is' : 'are'} not DNS, or damaged.`]),
  ];
}

/** What is worth knowing of one capture, a sentence each: how far it can be trusted first. */
export const pointSentences = (point: CapturePointReport): string[] =>
  [trust, answers, repeats, overTcp, errors, load].flatMap((about) => about(point));
