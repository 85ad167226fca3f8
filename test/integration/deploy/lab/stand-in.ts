import type { Thing } from '../../check/lab/api.ts';
import { busybox } from '../../check/lab/cluster.ts';

/**
 * What runs in place of the product, whose image is not on a test cluster: it looks at what it was given as the product would, says what it
 * found, and answers health checks on the port it was told. It never gets ready when something is not as it must be.
 */
const script = `
set -eu
fail() { echo "wrong: $*" >&2; exit 1; }
[ "$(id -u):$(id -g)" = 65532:65532 ] || fail "runs as $(id)"
for place in / /etc/dns-medic /var/run /tmp; do touch "$place/x" 2>/dev/null && fail "$place can be written"; done
[ -s "$DNS_MEDIC_CONFIG" ] || fail 'no settings'
env | grep '^[A-Z_]*_FILE=' | while IFS== read -r name file; do
  [ -s "$file" ] || fail "$name: $file cannot be read"
  [ -w "$file" ] && fail "$name: $file can be written"
  echo "$name=$(cat "$file")"
done
echo "REDIS_URL=\${REDIS_URL-}"
echo "ORDER_SECRET_BEFORE=\${ORDER_SECRET_BEFORE-}"
echo "token=$(ls /var/run/secrets/kubernetes.io/serviceaccount/token 2>/dev/null || echo none)"
sed -n 's/^nameserver /nameserver=/p' /etc/resolv.conf
trap 'exit 0' TERM INT
nc -ll -p "$HEALTH_PORT" -e sh -c 'while read -r line && [ "\${#line}" -gt 1 ]; do :; done
  printf "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok"' &
wait
`;

/** The object with the stand-in in place of the product; objects that make no pods of ours stay as they are. */
export function standingIn(object: Thing): Thing {
  const containers = object['spec']?.template?.spec?.containers as Thing[] | undefined;
  if (object['kind'] !== 'Deployment' || containers === undefined) return object;
  const copy = structuredClone(object);
  const [container = {}] = copy['spec'].template.spec.containers as Thing[];
  Object.assign(container, { image: busybox, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] });
  return copy;
}

/** What a stand-in said: values by name. */
export const saidBy = (log: string): Record<string, string> =>
  Object.fromEntries(
    log
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
