import { z } from 'zod';

/** `broken`: lookups fail now; `degraded`: partly, slowly, or will break; `unknown`: could not be told. */
export const VerdictStatus = z.enum(['broken', 'degraded', 'healthy', 'unknown']);
export type VerdictStatus = z.infer<typeof VerdictStatus>;
