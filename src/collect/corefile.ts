import { Failure } from '../base/failure.ts';
import type { Corefile, CorednsWorkload } from '../domain/coredns.ts';
import { corefileFault } from '../formats/corefile/directives.ts';
import { corefileSha512 } from '../formats/corefile/hash.ts';
import { parseCorefile } from '../formats/corefile/parser.ts';
import { isOfficialCoredns } from '../rules/image.ts';
import type { Collector } from './collector.ts';
import { ownersOf } from './corefile-owners.ts';
import { given } from './given.ts';
import { at, str } from './pick.ts';

/** So much of a long Corefile is kept as text; all of it is parsed. A ConfigMap holds 1 MiB at most. */
const keptBytes = 65_536;
const maxBytes = 4_194_304;
/** What the port puts where a secret was (cluster/redact.ts). */
const redacted = '[redacted]';

/** The Corefile in its ConfigMap: its text, why the CoreDNS that runs would refuse it, and the hash that a CoreDNS with this text logs. */
export const corefile: Collector<'corefile'> = {
  id: 'corefile',
  title: 'Reading the Corefile',
  after: ['coredns-workload'],
  needs: [{ group: '', resource: 'configmaps', verb: 'get', scope: 'dns' }],
  timeoutMs: 8000,
  async collect({ port, have, settings, signal }) {
    const workload = given(have['coredns-workload']);
    const place = placeOf(workload, settings.dns.namespace);
    const path = `/api/v1/namespaces/${encodeURIComponent(place.namespace)}/configmaps/${encodeURIComponent(place.configMap)}`;
    const raw = await port.get(path, {}, { signal, maxBytes });
    const text = str(at(raw, 'data'), [place.key]);
    if (text === null) throw new Failure('missing', `ConfigMap ${place.namespace}/${place.configMap} has no key ${place.key}`);
    const resourceVersion = str(raw, 'metadata.resourceVersion') ?? '';
    const until = queryLogUntil(raw);
    const temporary = until === null ? {} : { queryLogUntil: until };
    return { ...place, ...ownersOf(raw, place.key), resourceVersion, ...meaningOf(text, workload), ...temporary };
  },
};

/** When the query log ends that dns-medic has switched on: it leaves that in an annotation. Null: it has not, or does not say. */
function queryLogUntil(configMap: unknown): number | null {
  const text = str(configMap, ['metadata', 'annotations', 'dns-medic/query-log']);
  const [, until] = /"endsAt":(\d{1,15})[,}]/.exec(text?.slice(0, 20_000) ?? '') ?? [];
  return until === undefined ? null : Number(until);
}

type Place = Pick<Corefile, 'namespace' | 'configMap' | 'key'>;

function placeOf(workload: CorednsWorkload | null, namespace: string): Place {
  return {
    namespace: workload?.namespace ?? namespace,
    configMap: workload?.configMap ?? 'coredns',
    key: workload?.corefileKey ?? 'Corefile',
  };
}

/** Directives and options are judged by the version of the workload's image. */
function meaningOf(
  text: string,
  workload: CorednsWorkload | null,
): Omit<Corefile, keyof Place | 'changedAt' | 'managers' | 'resourceVersion'> {
  const parsed = parseCorefile(text);
  const official = workload !== null && isOfficialCoredns(workload.image);
  const error = corefileFault(parsed, workload?.version ?? null, official);
  const bytes = Buffer.byteLength(text);
  const hidden = text.includes(redacted) ? ['secrets in it are hidden'] : [];
  const cut = bytes > keptBytes ? [`only the first ${keptBytes} of its ${bytes} bytes are kept here`] : [];
  return {
    text: cut.length > 0 ? cutText(text) : text,
    bytes,
    error: error === null ? null : { line: error.line, message: error.message, kind: error.kind },
    servers: parsed.servers,
    opaque: [...parsed.opaque, ...hidden, ...cut],
    sha512: hidden.length > 0 ? null : corefileSha512(parsed),
  };
}

/** The first 64 KiB, without half a character at the end. */
function cutText(text: string): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, keptBytes), { stream: true });
}
