import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { Failure } from '../../src/base/failure.ts';
import { isPlanned } from '../../src/domain/change.ts';
import type { Bundle, Report } from '../../src/domain/report.ts';
import { propose, type Proposing } from '../../src/flows/propose.ts';
import type { AnyRemedy } from '../../src/remedies/remedy.ts';

const draft = {
  summary: 'set replicas to 2',
  helps: null,
  warnings: [],
  objects: [],
  pods: [],
  undo: 'set it back',
  endsAfterMs: null,
  data: { before: 0 },
};

const remedy = (id: string, more: Partial<AnyRemedy> = {}): AnyRemedy => ({
  id,
  title: id,
  helps: '',
  risk: 'safe',
  needs: [{ group: 'apps', resource: 'deployments', verb: 'patch', scope: 'dns' }],
  params: z.strictObject({ replicas: z.coerce.number().max(10, { error: 'expected at most 10' }).default(2) }),
  paramHelp: {},
  data: z.unknown(),
  proves: [`${id}-proved`],
  effect: { withinMs: 1, why: '' },
  plan: () => Promise.resolve(draft),
  apply: () => Promise.reject(new Error('not asked for')),
  undo: null,
  ...more,
});

interface Found {
  code: string;
  remedies: Report['findings'][number]['remedies'];
  explainedBy?: string;
  severity?: string;
}

const reportOf = (status: string, found: Found[]): Report =>
  ({ verdict: { status }, findings: found.map((one) => ({ explainedBy: null, severity: 'high', ...one })) }) as unknown as Report;

const bundleOf = (request: object = {}): Bundle =>
  ({ run: { cluster: 'cluster-a', request: { pod: null, ...request } }, readings: {} }) as unknown as Bundle;

function tools(remedies: readonly AnyRemedy[], more: Partial<Proposing> = {}): Proposing {
  let id = 0;
  return {
    remedies,
    missing: () => Promise.resolve([]),
    newId: () => (id++).toString(16).padStart(32, '0'),
    digest: () => 'd'.repeat(64),
    context: { now: () => 42, signal: new AbortController().signal } as unknown as Proposing['context'],
    ...more,
  };
}

const scale = { id: 'scale', params: { replicas: 3 } };

describe('what is proposed after a check', () => {
  test('a plan for the remedy of a root cause, which proves what was found', async () => {
    const [only, ...rest] = await propose(
      reportOf('broken', [{ code: 'no-pods', remedies: [scale] }]),
      bundleOf(),
      tools([remedy('scale')]),
    );
    expect(rest).toEqual([]);
    expect(only).toMatchObject({
      id: '0'.repeat(32),
      digest: 'd'.repeat(64),
      plan: {
        remedy: 'scale',
        cluster: 'cluster-a',
        params: { replicas: 3 },
        proves: ['no-pods', 'scale-proved'],
        risk: 'safe',
        madeAt: 42,
      },
    });
  });

  test('what is explained by something else, and what is no fault, proposes nothing', async () => {
    const found = [
      { code: 'a', remedies: [scale], explainedBy: 'b' },
      { code: 'c', remedies: [scale], severity: 'info' },
    ];
    expect(await propose(reportOf('degraded', found), bundleOf(), tools([remedy('scale')]))).toEqual([]);
  });

  test('the same remedy for two causes is one plan that proves both', async () => {
    const found = ['a', 'b'].map((code) => ({ code, remedies: [scale] }));
    const proposals = await propose(reportOf('broken', found), bundleOf(), tools([remedy('scale')]));
    expect(proposals.map((one) => (isPlanned(one) ? one.plan.proves : one))).toEqual([['a', 'b', 'scale-proved']]);
  });

  test('what somebody asked for comes first, also where all is well', async () => {
    const request = { remedy: { id: 'scale', params: { replicas: '4' } } };
    const proposals = await propose(reportOf('healthy', []), bundleOf(request), tools([remedy('scale')]));
    expect(proposals).toMatchObject([{ plan: { params: { replicas: 4 } } }]);
  });

  test('a wrong parameter names the key and what was expected', async () => {
    const request = { remedy: { id: 'scale', params: { replicas: '40' } } };
    const proposals = await propose(reportOf('healthy', []), bundleOf(request), tools([remedy('scale')]));
    expect(proposals).toMatchObject([{ id: null, none: { says: 'replicas: expected at most 10' } }]);
  });

  test('without rights there is no button, but the rules that are missing', async () => {
    const missing = () => Promise.resolve(['- {apiGroups: [apps], resources: [deployments], verbs: [patch]}']);
    const proposals = await propose(
      reportOf('broken', [{ code: 'a', remedies: [scale] }]),
      bundleOf(),
      tools([remedy('scale')], { missing }),
    );
    expect(proposals[0]).toMatchObject({ id: null, none: { why: 'rights', allow: [expect.stringContaining('deployments')] } });
  });

  test('whoever lacks rights that are given apart is told how, and is asked for the Leases that it takes', async () => {
    const asked: (string[] | undefined)[] = [];
    const missing: Proposing['missing'] = (needs) => {
      asked.push(...needs.filter(({ resource, scope }) => resource === 'leases' && scope === 'capture').map(({ names }) => names));
      return Promise.resolve(['- {}']);
    };
    const apart = remedy('scale', { rightsBy: 'Apply the component.', leases: ['one', 'two'] });
    const [only] = await propose(reportOf('broken', [{ code: 'a', remedies: [scale] }]), bundleOf(), tools([apart], { missing }));
    expect(only).toMatchObject({ none: { why: 'rights', next: ['Apply the component.'], allow: ['- {}'] } });
    expect(asked).toEqual([['one', 'two'], undefined, ['one', 'two']]);
  });

  test('rights that a plan does not need are not asked for', async () => {
    const asked: string[] = [];
    const missing: Proposing['missing'] = (needs) => {
      asked.push(...needs.map(({ resource }) => resource));
      return Promise.resolve([]);
    };
    const some = remedy('scale', {
      uses: ({ params }) => [{ group: '', resource: `for-${String(params['replicas'])}`, verb: 'get', scope: 'pod' }],
    });
    await propose(reportOf('broken', [{ code: 'a', remedies: [scale] }]), bundleOf(), tools([some], { missing }));
    expect(asked).toContain('for-3');
    expect(asked).not.toContain('deployments');
  });

  test('rights that nobody could tell are no rights', async () => {
    const missing = () => Promise.reject(new Failure('timeout', 'no answer'));
    const [only] = await propose(reportOf('broken', [{ code: 'a', remedies: [scale] }]), bundleOf(), tools([remedy('scale')], { missing }));
    expect(only).toMatchObject({ id: null, none: { why: 'unknown', says: 'whether it may be done could not be asked: no answer' } });
  });

  test('a remedy that breaks while it plans says so, and the others go on', async () => {
    const bad = remedy('bad', { plan: () => Promise.reject(new TypeError('x is undefined')) });
    const found = [{ code: 'a', remedies: [{ id: 'bad', params: {} }, scale] }];
    const proposals = await propose(reportOf('broken', found), bundleOf(), tools([bad, remedy('scale')]));
    expect(proposals).toMatchObject([
      { none: { why: 'unknown', says: 'it could not be planned: x is undefined' } },
      { plan: { remedy: 'scale' } },
    ]);
  });

  test('the query log is offered only where nothing else was planned', async () => {
    const all = [remedy('scale'), remedy('enable-query-log', { params: z.strictObject({}) })];
    const ids = async (report: Report) =>
      (await propose(report, bundleOf(), tools(all))).map((one) => (isPlanned(one) ? one.plan.remedy : one.none.remedy));
    expect(await ids(reportOf('broken', [{ code: 'a', remedies: [] }]))).toEqual(['enable-query-log']);
    expect(await ids(reportOf('broken', [{ code: 'a', remedies: [scale] }]))).toEqual(['scale']);
    expect(await ids(reportOf('healthy', []))).toEqual([]);
  });

  describe('of a look, which changes nothing,', () => {
    const look = remedy('look', { changesNothing: true, params: z.object({}).loose() });
    const wish = (params: object) => ({ id: 'look', params: { ...params } });
    const found = (...wishes: Found['remedies']): Report => reportOf('broken', [{ code: 'a', remedies: wishes }]);

    test('there is one, whatever with, and it proves nothing', async () => {
      const proposals = await propose(found(wish({ node: 'a' }), wish({ node: 'b' })), bundleOf(), tools([look]));
      expect(proposals).toMatchObject([{ plan: { params: { node: 'a' }, proves: [] } }]);
    });

    test('that somebody asked for there is no other', async () => {
      const proposals = await propose(found(wish({})), bundleOf({ remedy: wish({ node: 'c' }) }), tools([look]));
      expect(proposals).toMatchObject([{ plan: { params: { node: 'c' } } }]);
    });

    test('that nobody asked for and that may not be there is no word; who asked for it is told', async () => {
      const missing = () => Promise.resolve(['- {apiGroups: [""], resources: [pods], verbs: [create]}']);
      expect(await propose(found(wish({})), bundleOf(), tools([look], { missing }))).toEqual([]);
      const asked = await propose(found(wish({})), bundleOf({ remedy: wish({}) }), tools([look], { missing }));
      expect(asked).toMatchObject([{ id: null, none: { remedy: 'look', why: 'rights' } }]);
    });

    test('that cannot be planned there is no word either', async () => {
      const unsafe = { ...look, plan: () => Promise.resolve({ why: 'unsafe' as const, says: 'privileged pods are not admitted' }) };
      expect(await propose(found(wish({}), scale), bundleOf(), tools([unsafe, remedy('scale')]))).toMatchObject([
        { plan: { remedy: 'scale' } },
      ]);
    });

    test('the query log is offered beside it: it mends nothing', async () => {
      const all = [look, remedy('enable-query-log', { params: z.strictObject({}) })];
      const proposals = await propose(found(wish({})), bundleOf(), tools(all));
      expect(proposals.map((one) => (isPlanned(one) ? one.plan.remedy : one.none.remedy))).toEqual(['look', 'enable-query-log']);
    });
  });

  test('a plan that nobody could read is none', async () => {
    const huge = remedy('scale', { plan: () => Promise.resolve({ ...draft, data: 'x'.repeat(500_000) }) });
    const [only] = await propose(reportOf('broken', [{ code: 'a', remedies: [scale] }]), bundleOf(), tools([huge]));
    expect(only).toMatchObject({ id: null, none: { why: 'unsafe' } });
  });
});
