import { z } from 'zod'

/** Every flag of contract §6.1 for accounting. */
export const capabilityFlags = [
  'voucherState',
  'pushes',
  'hints',
  'groups',
  'categories',
  'pricePolicies',
  'writeOrganizationUnits',
  'contracts',
  'quotes',
  'invoiceRequests',
] as const

export type CapabilityFlag = (typeof capabilityFlags)[number]

const text = (hint: string) => z.string({ error: hint }).trim().min(1, { error: hint })
const whole = (least: number, most: number) =>
  z
    .number()
    .int()
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` })

/** The tenant file's section `connections.accounting`, secrets resolved. */
export const configSchema = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'origin plus optional prefix, for example https://actapp.misa.vn' })
    .transform((url) => url.replace(/\/+$/, ''))
    .describe('Origin plus optional prefix; the paths of the contract are appended.'),
  appId: text('the app_id that MISA gave to the application').describe('app_id; also the key of callback signatures.'),
  accessCode: text('the access code shown in AMIS Accounting when the app is connected').describe('Secret.'),
  orgCompanyCode: text('the company code (org_company_code) of the tenant').describe('org_company_code.'),
  debtSign: z
    .enum(['positive', 'negative'], { error: "'positive' (what customers owe is positive) or 'negative'" })
    .optional()
    .describe('Sign of what customers owe, as this tenant gives it; default positive.'),
  requestsPerMinute: whole(1, 100_000).optional().describe('Budget; default none.'),
  batchSize: whole(1, 200).optional().describe('Most rows of one call; default 200 dictionary rows, 100 vouchers.'),
  outcomeTimeoutMs: whole(1, 86_400_000).optional().describe('How long to wait for a callback; default 60,000.'),
  timeoutMs: whole(1, 600_000).optional().describe('Most time for one request; default 30,000.'),
  capabilities: z
    .partialRecord(
      z.enum(capabilityFlags, { error: `a flag must be one of ${capabilityFlags.join(', ')}` }),
      z.boolean({ error: 'true or false' }),
    )
    .optional()
    .describe('Overrides what the connection check would probe.'),
})

export type AccountingConfig = z.output<typeof configSchema>
