import { afterAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricsScript, scrapedFrom } from '../../src/collect/metrics-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'wget-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A wget that takes the body from FAKE_BODY, and refuses 10.0.0.9. */
const wget = `#!/bin/sh
case "$5" in *10.0.0.9*) echo "wget: can't connect to remote host: Connection refused" >&2; exit 1;; esac
printf '%s\\n' "asked $5" >>"$FAKE_ASKED"; cat "$FAKE_BODY" >"$4"
`;
const run = (addresses: string[], body: string): { output: string; asked: string[] } => {
  writeFileSync(join(folder, 'wget'), wget);
  chmodSync(join(folder, 'wget'), 0o755);
  writeFileSync(join(folder, 'body'), body);
  writeFileSync(join(folder, 'asked'), '');
  const env = { PATH: `${folder}:${process.env['PATH']}`, FAKE_BODY: join(folder, 'body'), FAKE_ASKED: join(folder, 'asked') };
  const output = execFileSync('sh', ['-c', metricsScript(addresses, 9153)], { env, encoding: 'utf8' });
  return { output, asked: execFileSync('sort', [join(folder, 'asked')], { encoding: 'utf8' }).trim().split('\n') };
};

describe('the metrics script', () => {
  test('asks every address and keeps the lines that are of use', () => {
    const { output, asked } = run(['10.0.0.1', '10.0.0.9', 'fd00::1'], 'go_goroutines 5\ncoredns_panics_total 0\ncoredns_dns_request_duration_seconds_bucket{le="1"} 7\ncoredns_health_request_duration_seconds_bucket{le="1"} 7\n');
    expect(scrapedFrom(output, 3).map((one) => ('text' in one ? one.text.trim() : one))).toEqual([
      'coredns_panics_total 0\ncoredns_health_request_duration_seconds_bucket{le="1"} 7',
      { unreadable: "wget: can't connect to remote host: Connection refused" },
      'coredns_panics_total 0\ncoredns_health_request_duration_seconds_bucket{le="1"} 7',
    ]);
    expect(asked).toEqual(['asked http://10.0.0.1:9153/metrics', 'asked http://[fd00::1]:9153/metrics']);
  });

  test('puts nothing but addresses into the shell', () => {
    const script = metricsScript(["1.2.3.4'; reboot; '", '$(reboot)', '', 'fe80::1%eth0', '1.2.3.4'], 9153);
    expect(script).not.toMatch(/reboot|eth0/);
    expect(script.match(/^get \d+ '.*'/gm)).toEqual(["get 4 'http://1.2.3.4:9153/metrics'"]);
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

  test.each(['', '#dns-medic', '#dns-medic x 0\n', '#dns-medic 7 0\ncoredns_x 1\n', '#dns-medic 0'])('output %j says that nothing was read', (output) => {
    expect(scrapedFrom(output, 1)[0]).toHaveProperty('unreadable');
  });
});
