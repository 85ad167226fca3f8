import { afterAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricsScript, scrapedFrom } from '../../src/collect/metrics-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'nc-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An nc that answers with FAKE_BODY; 10.0.0.9 refuses, 10.0.0.8 hangs, 10.0.0.7 has no metrics. */
const nc = `#!/bin/sh
case "$3" in
  10.0.0.9) echo "nc: can't connect to remote host (10.0.0.9): Connection refused" >&2; exit 1;;
  10.0.0.8) exit 143;;
  10.0.0.7) printf 'HTTP/1.0 404 Not Found\\r\\n\\r\\n'; exit 0;;
esac
echo "asked $3 $4 $(head -n 1)" >>"$FAKE_ASKED"
printf 'HTTP/1.0 200 OK\\r\\n\\r\\n'
cat "$FAKE_BODY"
`;
const run = (addresses: string[], body: string): { output: string; asked: string[] } => {
  writeFileSync(join(folder, 'nc'), nc);
  chmodSync(join(folder, 'nc'), 0o755);
  writeFileSync(join(folder, 'body'), body);
  writeFileSync(join(folder, 'asked'), '');
  const env = { PATH: `${folder}:${process.env['PATH']}`, FAKE_BODY: join(folder, 'body'), FAKE_ASKED: join(folder, 'asked') };
  const output = execFileSync('sh', ['-c', metricsScript(addresses, 9153)], { env, encoding: 'utf8' });
  return {
    output,
    asked: execFileSync('sort', [join(folder, 'asked')], { encoding: 'utf8' })
      .trim()
      .split('\n'),
  };
};

describe('the metrics script', () => {
  test('asks every address and keeps the lines that are of use', () => {
    const used = 'coredns_panics_total 0\ncoredns_health_request_duration_seconds_bucket{le="1"} 7';
    const unused = 'go_goroutines 5\ncoredns_dns_request_duration_seconds_bucket{le="1"} 7';
    const { output, asked } = run(['10.0.0.1', '10.0.0.9', 'fd00::1', '10.0.0.8', '10.0.0.7'], `${unused}\n${used}\n`);
    expect(scrapedFrom(output, 5).map((one) => ('text' in one ? one.text.trim() : one.unreadable))).toEqual([
      used,
      "nc: can't connect to remote host (10.0.0.9): Connection refused",
      used,
      'no connection (nc ended with 143)',
      'HTTP/1.0 404 Not Found',
    ]);
    expect(asked.map((line) => line.trim())).toEqual([
      'asked 10.0.0.1 9153 GET /metrics HTTP/1.0',
      'asked fd00::1 9153 GET /metrics HTTP/1.0',
    ]);
  });

  test('puts nothing but addresses into the shell', () => {
    const script = metricsScript(["1.2.3.4'; reboot; '", '$(reboot)', '', 'fe80::1%eth0', '1.2.3.4'], 9153);
    expect(script).not.toMatch(/reboot|eth0/);
    expect(script.match(/^get \d+ .*/gm)).toEqual(["get 4 '1.2.3.4' &"]);
  });

  test('a number that was cut is left out', () => {
    const { output } = run(['10.0.0.1'], `coredns_a{x="${'y'.repeat(80)}"} 12345\n`.repeat(3000));
    const [only] = scrapedFrom(output, 1);
    const text = only !== undefined && 'text' in only ? only.text : '';
    expect(text.length).toBeGreaterThan(190_000);
    expect(text.endsWith(' 12345\n')).toBe(true);
  });

  test('metrics cannot pass for the answer of another pod', () => {
    const { output } = run(['10.0.0.1'], 'coredns_x{a="#dns-medic 1 0"} 1\n#dns-medic 1 0\ncoredns_forged 1\n');
    expect(scrapedFrom(output, 2)[1]).toEqual({ unreadable: 'no answer from the probe pod' });
  });

  test.each(['', '#dns-medic', '#dns-medic x 0\n', '#dns-medic 7 0\ncoredns_x 1\n', '#dns-medic 0'])(
    'output %j says that nothing was read',
    (output) => {
      expect(scrapedFrom(output, 1)[0]).toHaveProperty('unreadable');
    },
  );
});
