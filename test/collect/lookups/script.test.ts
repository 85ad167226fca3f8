import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Ask, isAddress, isHostName } from '../../../src/collect/lookups/ask.ts';
import { askedNames } from '../../../src/collect/lookups/asked.ts';
import { digScript, jobOutputs, jobsOf } from '../../../src/collect/lookups/dig-script.ts';
import { outcomes, rowsOf } from '../../../src/collect/lookups/rows.ts';
import type { DigAnswer } from '../../../src/formats/dig.ts';

const ask = (some: Partial<Ask> = {}): Ask => ({
  ...{ server: '10.0.0.10', port: 53, serverKind: 'cluster-ip', serverPod: null, serverNode: null, proto: 'udp' },
  ...{ name: 'a.example.', role: 'external', type: 'A', shots: 3, batch: 'local' },
  ...some,
});
const answer = (some: Partial<DigAnswer> = {}): DigAnswer => ({
  ...{
    name: 'a.example.',
    type: 'A',
    rcode: 'NOERROR',
    flags: ['qr'],
    answers: ['192.0.2.1'],
    timeMs: 4,
    failure: null,
    server: null,
    truncated: false,
  },
  ...some,
});
const from = { node: 'n1', pod: 'p', how: 'probe' } as const;
const nonce = () => 'abc';

describe('the processes that ask', () => {
  test('there are as many as the most repeated ask has shots, each asking what is left', () => {
    const jobs = jobsOf([ask({ shots: 3 }), ask({ name: 'b.example.', shots: 1 })], nonce);
    expect(jobs.map((job) => job.asks.map(({ name }) => name))).toEqual([['a.example.', 'b.example.'], ['a.example.'], ['a.example.']]);
  });

  test('other servers, protocols and batches have processes of their own', () => {
    const asks = [
      ask({ shots: 1 }),
      ask({ shots: 1, proto: 'tcp' }),
      ask({ shots: 1, server: '10.0.0.11' }),
      ask({ shots: 1, batch: 'first' }),
    ];
    expect(jobsOf(asks, nonce)).toHaveLength(4);
  });

  test('fresh names are made for each shot', () => {
    let count = 0;
    const jobs = jobsOf([ask({ name: 'x-%.example.', shots: 2 })], () => String(count++));
    expect(jobs.flatMap((job) => job.asks.map(({ name }) => name))).toEqual(['x-0.example.', 'x-1.example.']);
  });

  test('a real shell runs them and gives each output back under its number', () => {
    const dir = mkdtempSync(join(tmpdir(), 'dig-'));
    writeFileSync(join(dir, 'dig'), '#!/bin/sh\necho "asked $*"\n');
    chmodSync(join(dir, 'dig'), 0o755);
    const jobs = jobsOf([ask({ batch: 'first', shots: 2 }), ask({ server: '10.0.0.11', port: 5353, proto: 'tcp', shots: 1 })], nonce);
    const text = execFileSync('sh', ['-c', digScript(jobs)], { env: { PATH: `${dir}:${process.env['PATH']}` }, encoding: 'utf8' });
    const outputs = jobOutputs(text, jobs.length);
    expect(outputs[0]).toMatch(/^asked \+tries=1 .* \+notcp @10\.0\.0\.10 -p 53 a\.example\. A\n/);
    expect(outputs[2]).toMatch(/\+tcp @10\.0\.0\.11 -p 5353 a\.example\. A\n/);
  });
});

const shellWith = (dig: string, jobs: Parameters<typeof digScript>[0]): (string | null)[] => {
  const dir = mkdtempSync(join(tmpdir(), 'dig-'));
  writeFileSync(join(dir, 'dig'), `#!/bin/sh\n${dig}\n`);
  chmodSync(join(dir, 'dig'), 0o755);
  return jobOutputs(
    execFileSync('sh', ['-c', digScript(jobs)], { env: { D: dir, PATH: `${dir}:${process.env['PATH']}` }, encoding: 'utf8' }),
    jobs.length,
  );
};

describe('a server that is silent', () => {
  const jobs = jobsOf([ask({ batch: 'first', shots: 2 }), ask({ batch: 'upstream', name: 'b.example.', shots: 2 })], nonce);
  test('is not asked further', () => {
    expect(shellWith('echo ";; no servers could be reached"', jobs).map((output) => output !== null)).toEqual([true, true, false, false]);
  });
  test('is asked further when it answered once', () => {
    const flaky = '[ -e "$D/once" ] && echo lost || { : >"$D/once"; echo ";; ->>HEADER<<- status: NOERROR"; }';
    expect(shellWith(flaky, jobs).every((output) => output !== null)).toBe(true);
  });
  test('is asked at once when nothing else finds out whether it answers', () => {
    expect(shellWith('echo nothing', jobsOf([ask({ batch: 'upstream', shots: 2 })], nonce)).every((output) => output !== null)).toBe(true);
  });
});

describe('what came back', () => {
  test('an output that accounts for every query is read by order', () => {
    const job = {
      asks: [
        { ask: ask(), name: 'a.example.' },
        { ask: ask(), name: 'b.example.' },
      ],
    };
    expect(
      outcomes(job, [answer({ name: null, rcode: null, failure: 'timeout' }), answer({ name: 'b.example.' })]).map(
        (one) => one?.rcode ?? null,
      ),
    ).toEqual([null, 'NOERROR']);
  });

  test('an output that was cut short is read by name', () => {
    const job = {
      asks: [
        { ask: ask(), name: 'a.example.' },
        { ask: ask(), name: 'b.example.' },
      ],
    };
    expect(outcomes(job, [answer({ name: 'b.example.' })]).map((one) => one?.rcode ?? null)).toEqual([null, 'NOERROR']);
  });

  test('shots are summed up: answers, rcodes, times, and the most frequent failure', () => {
    const jobs = jobsOf([ask()], nonce);
    const [row] = rowsOf(from, jobs, [
      [answer({ timeMs: 8 })],
      [answer({ rcode: 'SERVFAIL', answers: [], timeMs: 2 })],
      [answer({ rcode: null, failure: 'refused', timeMs: null })],
    ]);
    expect(row).toMatchObject({
      shots: 3,
      answered: 2,
      rcodes: { NOERROR: 1, SERVFAIL: 1 },
      answers: ['192.0.2.1'],
      p50Ms: 2,
      maxMs: 8,
      failure: 'refused',
    });
  });

  test('a process that printed nothing is a timeout', () => {
    const [row] = rowsOf(from, jobsOf([ask({ shots: 2 })], nonce), [[], []]);
    expect(row).toMatchObject({ shots: 2, answered: 0, failure: 'timeout' });
  });
});

describe('what may be put on a command line', () => {
  test.each(['amazon.com', 'a.b.svc.cluster.local.', '_dns._udp.x', 'x-%.example.'])('the name %s', (name) =>
    expect(isHostName(name)).toBe(true),
  );
  test.each(['', 'a b', '$(reboot)', "a';b", 'a..b', `${'a'.repeat(64)}.b`, '-x.y', 'a\nb', `${'a.'.repeat(130)}b`])(
    'not the name %j',
    (name) => expect(isHostName(name)).toBe(false),
  );
  test.each(['10.0.0.1', 'fd00:ec2::253', '169.254.20.10'])('the address %s', (address) => expect(isAddress(address)).toBe(true));
  test.each(['', 'localhost', '10.0.0.1; reboot', '10.0.0.1 -f /etc/passwd', '$IP'])('not the address %j', (address) =>
    expect(isAddress(address)).toBe(false),
  );
});

describe('the absolute names that an asked name may mean', () => {
  const names = (...asked: string[]) => askedNames(asked, 'cluster.local', 'shop');
  test('a Service of the namespace', () => expect(names('cart')[0]).toBe('cart.shop.svc.cluster.local.'));
  test('a Service of another namespace', () => expect(names('cart.other')).toContain('cart.other.svc.cluster.local.'));
  test('a name of the world is taken as it stands', () => expect(names('api.example.com')).toEqual(['api.example.com.']));
  test('an absolute name is taken as it stands', () => expect(names('cart.')).toEqual(['cart.']));
  test('what is no host name is left out', () => expect(names('$(x)', 'a b')).toEqual([]));
});
