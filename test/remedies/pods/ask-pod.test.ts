import { describe, expect, test } from '@jest/globals';
import { askPod, type Question } from '../../../src/remedies/pods/ask-pod.ts';

const answered = (rcode: string): string =>
  `;; ->>HEADER<<- opcode: QUERY, status: ${rcode}, id: 1\n;; flags: qr; QUERY: 1\n;; Query time: 1 msec\n`;
const silence = ';; communications error to 10.0.0.1#53: timed out\n;; no servers could be reached\n';
const internal: Question = { name: 'kubernetes.default.svc.cluster.local.', proto: 'udp' };

/** A probe pod whose digs print these, one after the other; keeps the scripts that it ran. */
function probe(outputs: readonly string[]) {
  const scripts: string[] = [];
  const text = outputs.map((output) => `@@dns-medic-shot\n${output}`).join('');
  return {
    name: 'probe',
    scripts,
    run: (script: string) => {
      scripts.push(script);
      return Promise.resolve({ text, stderr: 'sh: dig: not found', truncated: false, exitCode: 0 });
    },
  };
}
const at = { address: '10.0.0.1', port: 53 };

describe('a pod is asked straight at its address', () => {
  test('it serves when every shot gets NOERROR', async () => {
    const place = probe([answered('NOERROR'), answered('NOERROR')]);
    expect(await askPod(place, at, [internal], 2)).toBeNull();
    expect(place.scripts[0]).toContain(
      'dig @10.0.0.1 -p 53 +tries=1 +time=2 +noall +comments +stats +notcp kubernetes.default.svc.cluster.local. A',
    );
  });

  test('one lost lookup, or one SERVFAIL, is said', async () => {
    expect(await askPod(probe([answered('NOERROR'), silence]), at, [internal], 2)).toBe(
      '1 of 2 lookups at 10.0.0.1 failed: no answer about kubernetes.default.svc.cluster.local. over UDP (timeout)',
    );
    const tcp: Question = { ...internal, proto: 'tcp' };
    expect(await askPod(probe([answered('SERVFAIL')]), at, [tcp], 1)).toMatch(/SERVFAIL about .* over TCP/);
  });

  test('where nothing could be asked that is a failure, not silence', async () => {
    await expect(askPod(probe([]), at, [internal], 1)).rejects.toThrow('lookups from probe were not made: sh: dig: not found');
  });

  test('what could be more than an address or a name is not put on a command line', async () => {
    const place = probe([answered('NOERROR')]);
    await expect(askPod(place, { address: '10.0.0.1; reboot', port: 53 }, [internal], 1)).rejects.toThrow('is no address to ask');
    await expect(askPod(place, at, [{ name: 'a;reboot.', proto: 'udp' }], 1)).rejects.toThrow(/Invalid string/);
    expect(place.scripts).toEqual([]);
  });
});
