import {
  type Canonical,
  type Column,
  type HoldReason,
  type Message,
  type Row,
  columns,
  toDecimal,
} from '@amis-sync/core'

const names: Readonly<Record<string, Message>> = {
  overall: { vi: 'chiết khấu hoặc thuế trên toàn chứng từ', en: 'discount or tax on the whole document' },
  combo: { vi: 'hàng combo', en: 'combos' },
  return: { vi: 'hàng trả lại', en: 'returned goods' },
  serial: { vi: 'số sê-ri', en: 'serial numbers' },
}

const nothing = new Set<unknown>([null, undefined, false, ''])
const isNumeric = (value: unknown): value is number | string => typeof value === 'number' || typeof value === 'string'

function isEmpty(value: unknown): boolean {
  if (nothing.has(value)) return true
  if (isNumeric(value)) return toDecimal(value) === '0'
  return Array.isArray(value) && value.length === 0
}

const strange = (row: Row, pattern: RegExp, what: string): string[] =>
  Object.keys(row).some((name) => pattern.test(name) && !isEmpty(row[name])) ? [what] : []

/** Whole-document discount and tax, combos, returns and serial numbers in a CRM row: not part of the contract (§6.3). */
export function beyondContract(linesName: string): Column {
  return columns.custom([], {
    decode(row) {
      const list = Array.isArray(row[linesName]) ? (row[linesName] as readonly Row[]) : []
      const found = list.flatMap((line) => [
        ...strange(line, /combo/, 'combo'),
        ...strange(line, /^(?!is_).*serial/, 'serial'),
        ...(isNumeric(line.amount) && toDecimal(line.amount)?.startsWith('-') ? ['return'] : []),
      ])
      return [...new Set([...strange(row, /_overall(_oc)?$/, 'overall'), ...found])]
    },
  })
}

/** Documents that are never half sent (contract §6.3): they wait, with the reason shown. `record.beyond` says what they use. */
export function beyondHold(record: Canonical): HoldReason | undefined {
  const beyond = (record.beyond ?? []) as readonly string[]
  if (beyond.length === 0) return undefined
  const list = (language: keyof Message) => beyond.map((one) => names[one]?.[language] ?? one).join(', ')
  return {
    code: 'NOT_IN_CONTRACT',
    text: {
      vi: `Chứng từ dùng nội dung chưa hỗ trợ: ${list('vi')}. Hãy bỏ nội dung đó hoặc nhập chứng từ trực tiếp trên Kế toán.`,
      en: `The document uses what is not supported: ${list('en')}. Take it out, or enter the document in Accounting by hand.`,
    },
  }
}
