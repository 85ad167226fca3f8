import { z } from 'zod';

/** One directive of a server block, with its arguments and those of its block. `line` counts from 1. */
export const Directive = z.object({
  name: z.string(),
  line: z.number(),
  args: z.array(z.string()),
  options: z.array(z.object({ name: z.string(), args: z.array(z.string()), line: z.number() })),
});
export type Directive = z.infer<typeof Directive>;

export const ServerBlock = z.object({
  keys: z.array(z.string()),
  /** Normalised: zone with a trailing dot ("." for the root), port, transport (dns, tls, grpc, https). */
  zones: z.array(z.object({ zone: z.string(), port: z.number(), transport: z.string() })),
  line: z.number(),
  directives: z.array(Directive),
});
export type ServerBlock = z.infer<typeof ServerBlock>;

/** The Corefile of the ConfigMap: its text, what it means, and the hash that a CoreDNS which runs it reports. */
export const Corefile = z.object({
  namespace: z.string(),
  configMap: z.string(),
  key: z.string(),
  text: z.string(),
  bytes: z.number(),
  resourceVersion: z.string(),
  /** Newest managedFields time, null when unknown; and managers that own the Corefile field. */
  changedAt: z.string().nullable(),
  managers: z.array(z.string()),
  /** Null when it parses. Line counts from 1; `message` as CoreDNS would word it. */
  error: z.object({ line: z.number(), message: z.string(), kind: z.enum(['syntax', 'directive', 'option']) }).nullable(),
  servers: z.array(ServerBlock),
  /** Uses environment variables or imports that cannot be followed from outside: then `sha512` is null. */
  opaque: z.array(z.string()),
  /** SHA-512 that CoreDNS logs for this text (sha512 of the JSON of its parsed tokens), hex. */
  sha512: z.string().nullable(),
  /** dns-medic has switched the query log on, and ends it then (milliseconds since 1970); left out: it has not. */
  queryLogUntil: z.number().optional(),
});
export type Corefile = z.infer<typeof Corefile>;
