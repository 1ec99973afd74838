import { compareDecimals, toDecimal } from '@amis-sync/core'
import type { Capability, CheckResult, Clock, Message, Row } from '@amis-sync/core'
import { clockCheck, toCheckResult } from '@amis-sync/http-client'
import type { Capabilities } from './capabilities.ts'
import type { AccountingConfig, CapabilityFlag } from './config.ts'
import { isRow, listRows } from './envelope.ts'
import { failedCallbacks } from './error-list.ts'
import { limits } from './resources.ts'
import { textOf } from './rows.ts'
import type { Session } from './session.ts'

const dayMs = 86_400_000
/** More than the margin of the error list's span and ACT's last attempt (36 s after the first). */
const callbackMarginMs = 60_000

/** What is lost where a capability is missing (contract §6.1), as data. */
const without: Readonly<Record<CapabilityFlag, Message>> = {
  voucherState: {
    vi: 'không đọc được trạng thái chứng từ: không ghi ngược về CRM',
    en: 'the state of documents cannot be read: no write-back to the CRM',
  },
  pushes: { vi: 'không có thông báo chứng từ thay đổi: đọc định kỳ', en: 'no pushes of document changes: polled' },
  hints: { vi: 'không có thông báo danh mục thay đổi: đọc định kỳ', en: 'no hints of catalogue changes: polled' },
  groups: { vi: 'không đồng bộ nhóm khách hàng', en: 'customer groups are off' },
  categories: { vi: 'không đồng bộ nhóm hàng hóa', en: 'product groups are off' },
  pricePolicies: { vi: 'không đồng bộ chính sách giá', en: 'price policies are off' },
  writeOrganizationUnits: {
    vi: 'không ghi được cơ cấu tổ chức: ghép cặp bằng tay, chỉ lưu trong phần mềm',
    en: 'organisation units cannot be written: paired by a person, kept in the product only',
  },
  contracts: { vi: 'không gửi được hợp đồng bán', en: 'sales contracts cannot be sent' },
  quotes: { vi: 'không gửi được báo giá', en: 'quotes cannot be sent' },
  invoiceRequests: { vi: 'không gửi được đề nghị xuất hóa đơn', en: 'invoice requests cannot be sent' },
}

const good = (code: string, vi: string, en: string): CheckResult => ({ code, ok: true, meaning: { vi, en } })
const bad = (code: string, meaning: Message, remedy?: Message): CheckResult => ({
  code,
  ok: false,
  meaning,
  ...(remedy === undefined ? {} : { remedy }),
})
async function checkCompany(session: Session): Promise<CheckResult> {
  const { data } = await session.read('get_company_info', {})
  const name = isRow(data) && typeof data['company_name'] === 'string' ? data['company_name'] : '?'
  return good(
    'OK_ACCOUNTING_CONNECTED',
    `Đã kết nối AMIS Kế toán của "${name}"`,
    `Connected to AMIS Accounting of "${name}"`,
  )
}

/** Sign of most non-zero rows: `undefined` when there are none, or as many of either. */
export function majoritySign(rows: readonly Row[]): AccountingConfig['debtSign'] {
  const balance = rows.reduce((sum, row) => {
    const amount = row['debt_amount']
    const decimal = typeof amount === 'number' || typeof amount === 'string' ? toDecimal(amount) : undefined
    return sum + (decimal === undefined ? 0 : compareDecimals(decimal, '0'))
  }, 0)
  return balance === 0 ? undefined : balance > 0 ? 'positive' : 'negative'
}

async function checkDebtSign(session: Session, config: AccountingConfig): Promise<CheckResult> {
  const name = 'get_list_acc_obj_debt'
  const body = { data_type: 0, branch_id: null, skip: 0, take: limits.page, last_sync_time: null }
  const seen = majoritySign(listRows(name, await session.read(name, body)))
  const set = config.debtSign ?? 'positive'
  if (seen === undefined || seen === set) {
    return good('OK_ACCOUNTING_DEBT_SIGN', `Dấu công nợ: ${set}`, `Sign of receivables: ${set}`)
  }
  return bad(
    'ACCOUNTING_DEBT_SIGN',
    {
      vi: `Phần lớn công nợ phải thu có dấu "${seen}", cấu hình lại là "${set}".`,
      en: `Most receivables have the sign "${seen}", the configuration says "${set}".`,
    },
    { vi: `Đặt debtSign: ${seen} cho kết nối kế toán.`, en: `Set debtSign: ${seen} for the accounting connection.` },
  )
}

async function checkCallbacks(
  session: Session,
  clock: Clock,
  lastDeliveryAt: number | undefined,
): Promise<CheckResult> {
  const now = clock.now()
  // What failed before the latest that arrived is mended.
  const sinceMs = Math.max(now - dayMs, lastDeliveryAt === undefined ? 0 : lastDeliveryAt + callbackMarginMs)
  const rows = await failedCallbacks(session, { sinceMs, now, skip: 0, take: 1 })
  if (rows.length > 0) {
    const reason = textOf(rows[0]!['error_call_back_message']) ?? '?'
    return bad(
      'ACCOUNTING_CALLBACK_FAILING',
      {
        vi: `Trong 24 giờ qua AMIS Kế toán có callback không gửi tới được (${reason}). Kết quả vẫn được đọc lại, nhưng chậm hơn.`,
        en: `Within 24 hours AMIS Accounting could not deliver callbacks (${reason}). Outcomes are still recovered, but later.`,
      },
      {
        vi: 'Đăng ký với MISA URL callback /callbacks/{tenant}/accounting và mở đường mạng tới đó.',
        en: 'Register the callback URL /callbacks/{tenant}/accounting with MISA and let it be reached.',
      },
    )
  }
  return lastDeliveryAt === undefined
    ? good(
        'OK_ACCOUNTING_CALLBACK_NOT_SEEN',
        'Chưa nhận callback nào từ khi khởi động',
        'No callback seen since the start',
      )
    : good('OK_ACCOUNTING_CALLBACK', 'Đã nhận được callback', 'Callbacks arrive')
}

function missing(capability: Capability): CheckResult {
  const what = without[capability.flag as CapabilityFlag]
  const code = `OK_ACCOUNTING_WITHOUT_${capability.flag.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
  const source = capability.source === 'config' ? 'config' : 'probe'
  return good(
    code,
    `Thiếu khả năng "${capability.flag}" (giả định; nguồn: ${source}): ${what.vi}.`,
    `The capability "${capability.flag}" is missing (assumed; by ${source}): ${what.en}.`,
  )
}

export interface CheckOptions {
  readonly session: Session
  readonly capabilities: Capabilities
  readonly config: AccountingConfig
  readonly clock: Clock
  /** When a trusted callback came last, by our clock. */
  readonly lastDeliveryAt: number | undefined
}

/** The connection check (C12): every problem with a code, its meaning and its remedy. Changes nothing at the other side. */
export async function checkConnection(options: CheckOptions): Promise<readonly CheckResult[]> {
  const { session, config, clock } = options
  const results: CheckResult[] = []
  try {
    await session.connect()
    results.push(await checkCompany(session), ...clockCheck('AMIS Accounting', session.clockSkewMs))
  } catch (error) {
    return [toCheckResult(error)]
  }
  const steps = [
    async () => [await checkDebtSign(session, config)],
    async () => [await checkCallbacks(session, clock, options.lastDeliveryAt)],
    async () => (await options.capabilities.probe()).filter((capability) => !capability.on).map(missing),
  ]
  for (const step of steps) {
    try {
      results.push(...(await step()))
    } catch (error) {
      results.push(toCheckResult(error))
    }
  }
  return results
}
