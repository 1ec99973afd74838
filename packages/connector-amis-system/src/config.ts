import { z } from 'zod'

/** Capability flags of contract §6.1. */
const flag = z.enum(['modifiedFrom', 'webhooks'])

export type Flag = z.infer<typeof flag>

const secret = z.string().min(1, 'không được để trống / must not be empty')

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'phải là địa chỉ http(s) / must be an http(s) address', abort: true })
  .refine((text) => {
    const url = new URL(text)
    return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  }, 'không được chứa tài khoản, ? hoặc # / must have no credentials, ? or #')
  .refine(
    (text) => !/\/api\/v1\/?$/.test(text),
    'không ghi phần /api/v1, phần mềm tự thêm / leave /api/v1 off, it is added',
  )

/** The section `connections.system` of a tenant file. Unknown keys are errors. */
export const configSchema = z.strictObject({
  baseUrl,
  clientId: secret,
  clientSecret: secret,
  /** Without it there are no webhooks: changes are found by polling. */
  webhookSecret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'phải có dạng whsec_<base64> / must look like whsec_<base64>')
    .optional(),
  requestsPerMinute: z.int().min(1).optional(),
  /** Requests under way at once. */
  concurrency: z.int().min(1).max(32).default(4),
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
  /** What the operator knows better than the probes. */
  capabilities: z.partialRecord(flag, z.boolean()).default({}),
})

export type SystemConfig = z.infer<typeof configSchema>
