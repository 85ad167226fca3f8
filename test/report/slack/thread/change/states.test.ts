import { describe, expect, test } from '@jest/globals';
import { ChangeState } from '../../../../../src/domain/change.ts';
import { threadOf } from '../../../../../src/report/slack/thread.ts';
import { actResult, approved, change, lives, logPlan, madeAt, noPlan, plan, restartPlan, terms, yes } from '../../../orders.ts';
import { statusMessage } from '../../../../../src/report/slack/replies/status.ts';
import { shown } from '../../shown.ts';
import { faultsOf } from '../../faults.ts';
import { inChannel, inThread, record, request, step } from '../../made.ts';
import { buttonsOf, ordered, orderMessages, saidIn } from '../../ordered.ts';

const CARD = 'change-0';
const minute = 60_000;

const messages = (of: (typeof lives)[string], around = {}) => {
  const all = orderMessages(ordered([of]), around);
  expect(all.flatMap(faultsOf)).toEqual([]);
  return all;
};
const labels = (of: (typeof lives)[string], around = {}): Record<string, string[]> =>
  Object.fromEntries(messages(of, around).map((message) => [message.slot, buttonsOf(message).map(({ label }) => label)]));
const life = (name: string) => lives[name]!;

describe('the messages and buttons of an order that is', () => {
  test.each([
    ['proposed', { [CARD]: ['Review…', 'Dismiss'] }],
    ['requested', { [CARD]: [], 'change-0-wait': ['Approve…', 'Decline'] }],
    ['approved', { [CARD]: [], 'change-0-wait': [] }],
    ['alone', { [CARD]: [] }],
    ['running', { [CARD]: [], 'change-0-wait': [] }],
    ['fixed', { [CARD]: [], 'change-0-wait': [], 'change-0-end': ['Undo…'] }],
    ['no change', { [CARD]: [], 'change-0-wait': [], 'change-0-end': ['Undo…'] }],
    ['failed', { [CARD]: [], 'change-0-wait': [], 'change-0-end': ['Undo…'] }],
    ['refused', { [CARD]: [], 'change-0-wait': [], 'change-0-end': [] }],
    ['dismissed', { [CARD]: [] }],
    ['declined', { [CARD]: [], 'change-0-wait': [], 'change-0-end': [] }],
    ['never asked for', { [CARD]: [] }],
    ['expired', { [CARD]: [], 'change-0-wait': [], 'change-0-end': [] }],
    ['undoing', { [CARD]: [], 'change-0-wait': [], 'change-0-end': [] }],
    ['undone', { [CARD]: [], 'change-0-wait': [], 'change-0-end': [], 'change-0-undone': [] }],
    ['not undone', { [CARD]: [], 'change-0-wait': [], 'change-0-end': ['Undo…'], 'change-0-undone': ['Undo…'] }],
    ['logging', { [CARD]: [], 'change-0-wait': [], 'change-0-end': ['Switch off and sum up now'] }],
    ['logged', { [CARD]: [], 'change-0-wait': [], 'change-0-end': [], 'change-0-undone': ['Lines as a file'] }],
    ['captured, with files', { [CARD]: [], 'change-0-wait': [], 'change-0-end': ['Files of the capture (1.0 MiB)'] }],
    ['swept', { [CARD]: [], 'change-0-wait': [], 'change-0-end': [], 'change-0-undone': [] }],
  ])('%s', (name, expected) => {
    expect(labels(life(name))).toEqual(expected);
  });

  test('in any state has a card that names the remedy and the cluster', () => {
    const told = new Set(Object.values(lives).map(({ state }) => state));
    expect([...told].toSorted()).toEqual([...ChangeState.options].toSorted());
    for (const one of Object.values(lives))
      expect(saidIn(CARD, messages(one))).toMatch(new RegExp(`^\\S+ \\*.+\\*.* · \`${one.plan.remedy}\` · \`cluster-a\``));
  });

  test('proposed, and stands in an old place too, without a card of the run', () => {
    const slots = threadOf(ordered([life('fixed')]), inThread, { workers: 1, now: madeAt }).map(({ slot }) => slot);
    expect(slots).toEqual(['plan', 'verdict', CARD, 'change-0-wait', 'change-0-end']);
  });
});

describe('a button', () => {
  test('names the run and the order, and nothing else', () => {
    const all = Object.values(lives).flatMap((one) => messages(one).flatMap(buttonsOf));
    expect(new Set(all.map(({ value }) => value))).toEqual(new Set(['0a1b2c3d4e.1a2b3c4d5e6f708192a3b4c5d6e7f809']));
    expect(new Set(all.map(({ action }) => action))).toEqual(
      new Set(['dns_review', 'dns_decline', 'dns_approve', 'dns_undo', 'dns_lines', 'dns_files']),
    );
  });
});

describe('the end of a capture', () => {
  test('says who gets its files, and which could not be kept and why', () => {
    const text = saidIn('change-0-end', messages(life('captured, with files')));
    expect(text).toContain('n1-node-a.pcap (29.6 MiB): packed, the files are larger than 4 MiB');
    expect(text).toContain('only those who may approve changes get them, in private channels and direct messages');
    expect(text).not.toMatch(/^.*s1-kube-system_coredns.*4 MiB/m);
  });

  test('has no button where none are kept, and says so where some should have been', () => {
    const { files: _files, ...bare } = life('captured, with files').result!;
    const none = { ...bare, files: [{ name: 's1.pcap', bytes: 7, why: 'Redis does not answer' }] };
    for (const result of [bare, { ...bare, files: [] }, none]) {
      const of = { ...life('captured, with files'), result };
      expect(labels(of)['change-0-end']).toEqual([]);
      expect(saidIn('change-0-end', messages(of)).includes('Files that could not be kept')).toBe(result === none);
    }
  });
});

describe('an offer', () => {
  test('that one person may decide says so, and its button too', () => {
    const around = { terms: () => terms({ people: 1 }) };
    expect(labels(life('proposed'), around)[CARD]).toEqual(['Review & approve…', 'Dismiss']);
    expect(saidIn(CARD, messages(life('proposed'), around))).toContain('One person suffices');
  });

  test('says how many people it takes, and calls none of them', () => {
    const [card] = messages(life('proposed'));
    expect(saidIn(CARD, [card!])).toContain(
      'It takes 2 people: the one who asks, and another who approves. 1 person and 1 group may approve: the review names them.',
    );
    expect(card!.text).not.toMatch(/<[@!]U|<!subteam/);
  });

  test('of which the policy is not known can be reviewed all the same', () => {
    expect(labels(life('proposed'), { terms: () => null })[CARD]).toEqual(['Review…', 'Dismiss']);
    expect(labels(life('proposed'), { terms: undefined })[CARD]).toEqual(['Review…', 'Dismiss']);
  });

  test.each([
    ['read-only', { readOnly: true }, 'No buttons:* `cluster-a` is read-only'],
    [
      'resting',
      { frozen: { says: 'Black Friday', until: madeAt + 60 * minute } },
      'changes rest now: Black Friday. They may be made again from 03:03:11 UTC on.',
    ],
    ['without approvers', { mayApprove: { users: [], groups: [], channels: [] } }, 'the policy names nobody who may approve this'],
  ])('in a cluster that is %s has no buttons, and says why', (_name, over, words) => {
    for (const name of ['proposed', 'requested']) {
      const all = messages(life(name), { terms: () => terms(over) });
      expect(all.flatMap(buttonsOf)).toEqual([]);
      expect(all.map((message) => saidIn(message.slot, all)).join('\n')).toContain(words);
    }
    // undoing is never barred
    expect(labels(life('fixed'), { terms: () => terms(over) })['change-0-end']).toEqual(['Undo…']);
  });

  test('whose time is over is shown so, whether or not anybody wrote that down', () => {
    const late = { now: madeAt + 31 * minute };
    expect(saidIn(CARD, messages(life('proposed'), late))).toBe(saidIn(CARD, messages(life('never asked for'))));
    expect(messages(life('requested'), late).flatMap(buttonsOf)).toEqual([]);
    expect(labels(life('proposed'), { now: madeAt + 30 * minute })[CARD]).toHaveLength(2);
    // one that a worker has is not taken away by the clock
    expect(saidIn(CARD, messages(life('running'), late))).toContain('Being done');
  });

  test('says who would take the change back', () => {
    const owner = { manager: 'argocd' as const, takesBack: 'it syncs every 3 minutes', durable: ['edit coredns.yaml in the repository'] };
    const owned = plan({ objects: plan().objects.map((one) => ({ ...one, owner })) });
    expect(saidIn(CARD, messages(change({ plan: owned })))).toContain('is kept by Argo CD. It syncs every 3 minutes.');
    const end = saidIn('change-0-end', messages(change({ plan: owned, state: 'done', ...approved, result: actResult() })));
    expect(end).toContain('This will not last.');
    expect(end).toContain('| edit coredns.yaml in the repository');
  });
});

describe('the question to those who may approve', () => {
  test('calls them, and not the one who asks; says what, why, how many and until when', () => {
    const said = saidIn(
      'change-0-wait',
      messages(life('requested'), {
        terms: () => terms({ mayApprove: { users: ['U0ANA', 'U0BEN'], groups: ['S0SRE'], channels: ['C0OPS'] } }),
      }),
    );
    expect(said.split('\n')[0]).toBe('🙋 *Please approve or decline* · `restore-corefile` · `cluster-a` · @group:S0SRE, @U0BEN');
    expect(said).toContain('@U0ANA asks for this:\nPut the Corefile back');
    expect(said).toContain('Reason: checkout fails');
    expect(said).toContain('1 of 2 people so far: one more has to approve. The one who asks may not.\nIt counts from #C0OPS');
    expect(said).toContain('the offer ends at 02:33:11 UTC');
  });

  test('does not call again those who have approved', () => {
    const half = change({ state: 'requested', requested: yes('U0ANA', 1000), approvals: [yes('U0BEN', 2000)] });
    const may = { users: ['U0BEN', 'U0CEM'], groups: [], channels: ['any'] };
    const said = saidIn('change-0-wait', messages(half, { terms: () => terms({ people: 3, mayApprove: may }) }));
    expect(said.split('\n')[0]).toMatch(/· @U0CEM$/);
    expect(said).toContain('2 of 3 people so far: one more has to approve.');
  });

  test.each([
    ['approved', '✅ *Approved* by @U0BEN at 02:04:41 UTC · '],
    ['declined', '⛔ *Declined* by @U0BEN · '],
    ['expired', '⌛ *Expired*: it was not approved in time · '],
  ])('becomes a line once the order is %s', (name, words) => {
    const said = saidIn('change-0-wait', messages(life(name)));
    expect(said).toContain(words);
    expect(said.split('\n')).toHaveLength(1);
  });
});

describe('an order that is being done', () => {
  const running = (over = {}) => change({ plan: restartPlan(), state: 'running', ...approved, applyRun: 'aaaaaaaaaa', ...over });
  const steps = [step({ title: 'Pod 1 of 2: coredns-a' }), step({ title: 'Pod 2 of 2: coredns-b', state: 'running', durationMs: null })];

  test('shows its steps, and lets the pods be the last', () => {
    const all = orderMessages(ordered([{ ...running(), steps }]));
    expect(saidIn(CARD, all)).toContain('# 1 of 2 done\n  [x] Pod 1 of 2: coredns-a\n  [~] Pod 2 of 2: coredns-b');
    expect(all.flatMap(buttonsOf).map(({ label }) => label)).toEqual(['Stop after this pod']);
    expect(all.flatMap(faultsOf)).toEqual([]);
    expect(all[0]!.plain).not.toBeNull();
  });

  test('can be stopped only while there is something to stop', () => {
    const noPods = { ...change({ state: 'running', ...approved }) };
    const labelsOf = (one: typeof noPods, told = steps) =>
      orderMessages(ordered([{ ...one, steps: told }]))
        .flatMap(buttonsOf)
        .map(({ label }) => label);
    expect(labelsOf(noPods)).toEqual(['Stop']);
    expect(labelsOf(noPods, [step()])).toEqual([]);
    expect(labelsOf({ ...life('undoing') })).toEqual([]);
  });
});

describe('the end of an order', () => {
  const end = (name: string): string => saidIn('change-0-end', messages(life(name)));

  test('shows before and after, when it showed, and tells those concerned', () => {
    expect(end('fixed').split('\n').slice(0, 6)).toEqual([
      '🟢 *Fixed* · `restore-corefile` · `cluster-a` · for @U0ANA, @U0BEN',
      'The Corefile was put back, and both pods run it.',
      '*Before → after*',
      '    | DNS: broken → healthy',
      '    | corefile-forward-unreachable: found → not found',
      '*What was found before is gone.* It showed 31.4 s after the first write.',
    ]);
  });

  test('says "no change" as loudly as "fixed", and offers to undo it', () => {
    expect(end('no change')).toMatch(/^🟠 \*Done, but no change\* · /);
    expect(end('no change')).toContain('*No change: what was found before is still there.*\n*It did not help: undo it, unless');
    expect(end('worse')).toMatch(/^🔴 \*Done, and it is worse\* · /);
  });

  test('says what is not known', () => {
    expect(end('unverified')).toMatch(/^⚪ \*Done, but whether it helped could not be seen\* · /);
    expect(end('failed')).toMatch(/^❌ \*Failed in between\* · [^]*The API server did not answer\.[^]*Look at what stands there/);
    const clean = life('failed');
    const nothing = change({ ...clean, result: { ...clean.result!, undoable: false } });
    expect(saidIn('change-0-end', messages(nothing))).toContain('Nothing was written that would have to be undone.');
    expect(labels(nothing)['change-0-end']).toEqual([]);
  });

  test('says when something ends by itself, and how', () => {
    expect(end('logging')).toContain('It ends by itself at 02:23:11 UTC');
    expect(end('logged')).toContain('*Switched off again* at 02:23:11 UTC, because its time was over');
  });

  test('of a query log is summed up in a new message', () => {
    const said = saidIn('change-0-undone', messages(life('logged')));
    for (const words of [
      '1240 queries were logged in 15 min, 1.4 a second.',
      '| 1200  NXDOMAIN',
      '| 1100  10.0.1.44  shop/cart-7d9f8-x2',
      '91 % of them were made by the search list',
    ])
      expect(said).toContain(words);
  });

  test('says that it could not be undone, that it still stands there, and whether it is tried again', () => {
    expect(saidIn('change-0-undone', messages(life('not undone')))).toMatch(
      /^❌ \*Could not be undone\*[^]*Somebody else has changed the Corefile since\.\n\*It still stands in the cluster\.\*\n[^]*\| kubectl -n kube-system get configmap coredns -o yaml\n/,
    );
    const tried = change({ ...life('not undone'), plan: logPlan(), endsAt: madeAt + 20 * minute });
    expect(saidIn('change-0-undone', messages(tried))).toContain('It is tried again by itself.');
  });
});

describe('what is not offered', () => {
  const none = (...all: ReturnType<typeof noPlan>[]): string =>
    saidIn(
      'change-none',
      orderMessages(
        ordered(
          [],
          all.map((one) => ({ id: null, none: one })),
        ),
      ),
    );

  test('for want of rights says that, and what gives them', () => {
    expect(none(noPlan({ remedy: 'restart-coredns', why: 'rights' }), noPlan({ remedy: 'set-ndots', why: 'rights' }))).toBe(
      '🔒 *Buttons are not shown for* `restart-coredns`, `set-ndots`: this worker may only read in `cluster-a`. What gives it the right: deploy/components/remedies; what is lacking: doctor `cluster-a`',
    );
  });

  test('for other reasons says why, and what to do', () => {
    expect(
      none(
        noPlan(),
        noPlan({
          remedy: 'restart-coredns',
          why: 'unsafe',
          says: 'only one pod is ready',
          next: [],
          offers: [{ id: 'scale-coredns', params: {} }],
        }),
      ),
    ).toBe(
      [
        '*Not offered*',
        '  • scale-coredns (somebody else decides it): An autoscaler decides how many CoreDNS pods there are. Raise its lower bound: kubectl -n kube-system edit hpa coredns',
        '  • restart-coredns (not safe now): Only one pod is ready. Instead: scale-coredns.',
      ].join('\n'),
    );
  });

  test('is told in full to the one who asked for it by name', () => {
    const wanted = ordered(
      [],
      [
        noPlan({ allow: ['- {apiGroups: [apps]}'], why: 'rights', says: 'this worker may only read here' }),
        noPlan({ remedy: 'set-ndots' }),
      ].map((one) => ({ id: null, none: one })),
    );
    const run = { ...wanted, request: request({ remedy: { id: 'scale-coredns', params: {} } }) };
    expect(saidIn('change-none', orderMessages(run))).toBe(
      [
        '🚫 *Not offered* · `scale-coredns` · `cluster-a` · a right is missing · for @U0ADA',
        'This worker may only read here.',
        '*What to do*',
        'Raise its lower bound:',
        '    | kubectl -n kube-system edit hpa coredns',
        '*RBAC rules that are missing*',
        '    | - {apiGroups: [apps]}',
        '🔒 *Buttons are not shown for* `scale-coredns`: this worker may only read in `cluster-a`. What gives it the right: deploy/components/remedies; what is lacking: doctor `cluster-a`',
        '*Neither are*',
        '  • set-ndots (somebody else decides it): An autoscaler decides how many CoreDNS pods there are. Raise its lower bound: kubectl -n kube-system edit hpa coredns',
      ].join('\n'),
    );
  });

  test('because nothing is wrong is said only where nothing else is', () => {
    const fine = noPlan({ remedy: 'restore-rbac', why: 'not-needed', says: 'all rules are there' });
    expect(none(fine, noPlan())).not.toContain('restore-rbac');
    expect(none(fine)).toContain('restore-rbac (not needed): All rules are there.');
  });
});

describe('many orders', () => {
  test('have five cards; the rest is listed', () => {
    const all = orderMessages(ordered(Array.from({ length: 8 }, () => change())));
    expect(all.map(({ slot }) => slot)).toEqual(['change-0', 'change-1', 'change-2', 'change-3', 'change-4', 'change-more']);
    expect(saidIn('change-more', all)).toContain('3 more could be done');
  });
});

describe('the run that carries an order out', () => {
  test('has no thread of its own', () => {
    const run = record({ kind: 'change', change: { of: '0a1b2c3d4e', change: 'x', act: 'apply' } });
    for (const place of [inChannel, inThread]) expect(threadOf(run, place, { workers: 1, now: madeAt })).toEqual([]);
  });
});

describe('the card of the check', () => {
  const card = (name: string): string => saidIn('card', threadOf(ordered([life(name)]), inChannel, { workers: 1, now: madeAt }));

  test('says how an order stands that people have taken up', () => {
    expect(card('fixed')).toContain('\n🟢 *Fixed* by `restore-corefile` at 02:06:11 UTC: what stands above was found before\n');
    expect(card('requested')).toContain('\n🙋 *Waits for approval* · `restore-corefile`\n');
    expect(card('proposed')).not.toContain('restore-corefile');
    expect(shown(statusMessage(ordered([life('requested')])))).toContain('\n🙋 *Waits for approval* · `restore-corefile`\n');
  });
});
