/**
 * Does CoreDNS put an environment variable in here (`{$NAME}`, `{%NAME%}`)? Its value is known only inside the pod.
 * Mirrors replaceEnvReferences of caddyfile/parse.go, which gives up at an empty reference.
 */
export function refersToEnvironment(text: string): boolean {
  return refers(text, '{%', '%}') || refers(text, '{$', '}');
}

function refers(text: string, open: string, close: string): boolean {
  const start = text.indexOf(open);
  if (start === -1) return false;
  const end = text.indexOf(close, start);
  return end > start + open.length;
}
