const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const HOST_LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$/;
const LABEL_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const IMAGE = /^[a-z0-9][A-Za-z0-9._/:-]*(?:@sha256:[0-9a-f]{64})?$/;
const CLUSTER = /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/;

/** Kubernetes' "RFC 1123 label": namespaces, Services. */
export const isLabelName = (text: string): boolean => text.length <= 63 && DNS_LABEL.test(text);

/** Kubernetes' "RFC 1123 subdomain": most other objects. */
export const isObjectName = (text: string): boolean => text.length <= 253 && text.split('.').every((label) => DNS_LABEL.test(label));

/** A DNS name as a resolver takes it: with underscores (`_sip._tcp`), and with a dot at the end or without. */
export function isHostName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  return name.length <= 253 && name.split('.').every((label) => label.length <= 63 && HOST_LABEL.test(label));
}

/** `team` or `example.com/team`. */
export function isLabelKey(text: string): boolean {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  return name.length <= 63 && LABEL_NAME.test(name) && (slash < 0 || isObjectName(text.slice(0, slash)));
}

/** The value of a label; it may be empty. */
export const isLabelValue = (text: string): boolean => text === '' || (text.length <= 63 && LABEL_NAME.test(text));

/** `key=value`, several joined by commas. */
export const isSelector = (text: string): boolean =>
  text.split(',').every((term) => {
    const [key = '', value, ...rest] = term.split('=');
    return rest.length === 0 && value !== undefined && isLabelKey(key) && isLabelValue(value);
  });

/** The reference of a container image, with a tag or a digest or without. */
export const isImage = (text: string): boolean => text.length <= 512 && IMAGE.test(text);

/** What a person may call a cluster: a word to type, with room for an ARN. */
export const isClusterName = (text: string): boolean => text.length <= 253 && CLUSTER.test(text);
