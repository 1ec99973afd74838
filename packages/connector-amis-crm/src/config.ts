import { z } from 'zod'

/** Capability flags of contract §6.1. */
export const flags = [
  'modifiedFrom',
  'deletedFeed',
  'webhooks',
  'customerGroups',
  'productCategories',
  'quotes',
  'invoiceRequests',
  'pricePolicies',
  'customerDebts',
  'referenceCodes',
  'lineIds',
  'receiptList',
  'revenueWithdrawal',
  'rowErrorCodes',
  'productWrite',
  'stockWrite',
] as const

export type Flag = (typeof flags)[number]

const secret = z.string().min(1, 'không được để trống / must not be empty')

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'phải là địa chỉ http(s) / must be an http(s) address', abort: true })
  .refine((text) => {
    const url = new URL(text)
    return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  }, 'không được chứa tài khoản, ? hoặc # / must have no credentials, ? or #')
  .refine(
    (text) => !/\/api\/v2\/?$/.test(text),
    'không ghi phần /api/v2, phần mềm tự thêm / leave /api/v2 off, it is added',
  )

/** The section `connections.crm` of a tenant file. Unknown keys are errors. */
export const configSchema = z.strictObject({
  /** `https://crmconnect.misa.vn` or `https://amisapp.misa.vn/crm/gc/api/public`. */
  baseUrl,
  clientId: secret,
  clientSecret: secret,
  /** Without it there are no webhooks: changes are found by polling. */
  webhookSecret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'phải có dạng whsec_<base64> / must look like whsec_<base64>')
    .optional(),
  /** Rows per write call. */
  batchSize: z.int().min(1).max(100, 'AMIS CRM nhận tối đa 100 dòng / AMIS CRM takes at most 100 rows').default(100),
  requestsPerMinute: z.int().min(1).optional(),
  /** Requests under way at once. */
  concurrency: z.int().min(1).max(32).default(4),
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
  /** How dates are written; both forms are always read (contract §6.3). */
  dateFormat: z.enum(['yyyy-MM-dd', 'dd/MM/yyyy']).default('yyyy-MM-dd'),
  /** How far back before the newest known change each poll looks again, for rows that were stored late. */
  overlapSeconds: z.int().min(0).max(86_400).default(60),
  /** What the operator knows better than the probes. */
  capabilities: z.partialRecord(z.enum(flags), z.boolean()).default({}),
})

export type CrmConfig = z.infer<typeof configSchema>
