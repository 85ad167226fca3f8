import type { CapturePointReport, CaptureReport, FailurePattern, Way, WayVerdict } from '../../domain/capture.ts';
import { WayVerdict as verdicts } from '../../domain/capture.ts';
import { isFault } from './thresholds.ts';

type Verdict = CaptureReport['verdict'];

const tellNothing: readonly WayVerdict[] = ['encrypted', 'nothing-seen', 'unknown'];
/** Lookups fail for whoever takes such a way; below, they fail now and then. */
const brokenShare = 0.5;
const partial: readonly WayVerdict[] = ['slow-server', 'tcp-blocked', 'conntrack-race'];

const onTheWay: readonly WayVerdict[] = ['lost-request', 'lost-reply', 'unanswered'];

const fails = ({ verdict }: Way): boolean => verdict !== 'dns-ok' && !tellNothing.includes(verdict);
const works = ({ verdict }: Way): boolean => verdict === 'dns-ok';
const rank = (verdict: WayVerdict): number => verdicts.options.indexOf(verdict);
const kinds: readonly Way['kind'][] = ['pod', 'upstream', 'cluster-ip', 'other'];

/** The way that shows it best: where most of the requests fail, then with our own probes, then the straightest. */
function worst(ways: readonly Way[]): Way | undefined {
  return ways
    .filter(fails)
    .toSorted(
      (a, b) =>
        b.share - a.share ||
        Math.sign(b.marked) - Math.sign(a.marked) ||
        rank(a.verdict) - rank(b.verdict) ||
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind),
    )[0];
}

/** Whether answers of the kind that a server gives when it is not well are more than a few. */
export function badAnswers({ rcodes }: Pick<Way, 'rcodes'>): boolean {
  const all = Object.values(rcodes).reduce((sum, count) => sum + count, 0);
  return isFault((rcodes['SERVFAIL'] ?? 0) + (rcodes['REFUSED'] ?? 0), all);
}

/** What sets the ways that fail like this one apart from those that work. */
export function patternOf(way: Way, ways: readonly Way[]): FailurePattern {
  if (way.verdict === 'upstream') return 'outside-names';
  const failing = ways.filter(({ verdict }) => verdict === way.verdict);
  const straight = {
    failing: failing.filter(({ kind }) => kind === 'pod'),
    working: ways.filter((one) => works(one) && one.kind === 'pod'),
  };
  const others = ways.filter((one) => works(one) && one.kind !== 'upstream');
  if (straight.failing.length === 0 && straight.working.length > 0 && failing.every(({ kind }) => kind === 'cluster-ip'))
    return 'cluster-ip';
  if (way.verdict === 'tcp-blocked') return 'tcp';
  if (others.length === 0) return 'all';
  if (straight.failing.length > 0 && straight.working.length > 0) {
    const parted =
      straight.failing.every(({ crossNode }) => crossNode === true) && straight.working.every(({ crossNode }) => crossNode === false);
    if (parted && onTheWay.includes(way.verdict)) return 'cross-node';
    if (apart(straight, ({ server }) => server.address)) return 'one-server';
  }
  return apart({ failing, working: others }, ({ client }) => `${client.point} ${client.address}`) ? 'one-client' : 'mixed';
}

/** Whether all that fail have one of something, and none that works has it. */
function apart({ failing, working }: { failing: readonly Way[]; working: readonly Way[] }, of: (way: Way) => string): boolean {
  const [one, ...more] = new Set(failing.map(of));
  return one !== undefined && more.length === 0 && !working.some((way) => of(way) === one);
}

function silent(points: readonly CapturePointReport[], ways: readonly Way[]): Verdict {
  const verdict = ways.map((way) => way.verdict).toSorted((a, b) => tellNothing.indexOf(a) - tellNothing.indexOf(b))[0];
  const code = verdict ?? (points.every(({ packets }) => packets === 0) ? 'nothing-seen' : 'unknown');
  return { status: 'unknown', code, way: verdict === undefined ? null : ways.findIndex((way) => way.verdict === verdict), pattern: null };
}

/** The verdict over all ways. Nothing is called healthy that was not seen. */
export function overall(points: readonly CapturePointReport[], ways: readonly Way[]): Verdict {
  const way = worst(ways);
  if (way !== undefined) {
    const broken = way.share >= brokenShare && !partial.includes(way.verdict);
    return { status: broken ? 'broken' : 'degraded', code: way.verdict, way: ways.indexOf(way), pattern: patternOf(way, ways) };
  }
  const bad = ways.find((one) => works(one) && badAnswers(one));
  const shown = bad ?? ways.find(works);
  if (shown === undefined) return silent(points, ways);
  return { status: bad === undefined ? 'healthy' : 'degraded', code: 'dns-ok', way: ways.indexOf(shown), pattern: null };
}
