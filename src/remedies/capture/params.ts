import { z } from 'zod';

/** What a filter of tcpdump is written with; nothing that a shell, or tcpdump beyond a filter, would take for something else. */
const FILTER = /^[A-Za-z0-9 .:/()[\]&|!=<>+-]*$/;
const LONGEST_FILTER = 200;

const seconds = 'expected a number of seconds from 5 to 120';
const podName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, { error: 'expected the name of a CoreDNS pod, or all' });

/** What people say of a capture. */
export const CaptureParams = z.strictObject({
  seconds: z.coerce.number({ error: seconds }).int({ error: seconds }).min(5, { error: seconds }).max(120, { error: seconds }).default(30),
  node: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, { error: 'expected the name of a node' })
    .optional(),
  coredns: podName.default('all'),
  filter: z
    .string()
    .trim()
    .min(1, { error: 'expected a filter such as "host 10.0.1.7"' })
    .max(LONGEST_FILTER, { error: `expected at most ${LONGEST_FILTER} characters` })
    .regex(FILTER, { error: 'expected a filter of tcpdump such as "host 10.0.1.7 and udp"' })
    .optional(),
});
export type CaptureParams = z.infer<typeof CaptureParams>;
