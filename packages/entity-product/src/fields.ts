import { type Fields, canonical, field, ownedBy, shared } from '@amis-sync/core'
import { z } from 'zod'

const priced = ownedBy('accounting')

/** Canonical product (contract §4.6). Accounting wins on prices, cost and VAT. */
export const productFields = {
  code: field.code(shared, { vi: 'Mã hàng hóa', en: 'Code' }),
  name: field.text(shared, { vi: 'Tên hàng hóa', en: 'Name' }),
  kind: field.text(shared, { vi: 'Tính chất', en: 'Kind' }),
  unit: field.code(shared, { vi: 'Đơn vị tính chính', en: 'Main unit of measure' }),
  units: field.list(
    shared,
    'unit',
    { unit: field.code(shared), ratio: field.decimal(shared), operator: field.text(shared) },
    { vi: 'Đơn vị chuyển đổi', en: 'Conversion units' },
  ),
  price: field.decimal(priced, { vi: 'Đơn giá bán 1', en: 'Selling price 1' }),
  price1: field.decimal(priced, { vi: 'Đơn giá bán 2', en: 'Selling price 2' }),
  price2: field.decimal(priced, { vi: 'Đơn giá bán 3', en: 'Selling price 3' }),
  priceFixed: field.decimal(priced, { vi: 'Đơn giá bán cố định', en: 'Fixed selling price' }),
  cost: field.decimal(priced, { vi: 'Giá vốn (đơn giá mua)', en: 'Cost price' }),
  vat: field.text(priced, { vi: 'Thuế suất GTGT', en: 'VAT' }),
  /** The CRM's group first, then the further groups that only Accounting knows. */
  group: field.codes(shared, { vi: 'Nhóm vật tư, hàng hóa, dịch vụ', en: 'Product group' }),
  serial: field.flag(shared, { vi: 'Theo dõi số sê-ri', en: 'Tracked by serial number' }),
  description: field.text(shared, { vi: 'Mô tả', en: 'Description' }),
  active: field.flag(shared, { vi: 'Đang sử dụng', en: 'In use' }),
} satisfies Fields

const money = canonical.decimal.nullish()

export const productSchema = z.object({
  code: canonical.code,
  name: canonical.text,
  kind: z.enum(['goods', 'finished', 'service', 'material']).nullish(),
  unit: canonical.code,
  units: z.array(z.object({ unit: canonical.code, ratio: canonical.decimal, operator: canonical.operator })).nullish(),
  price: money,
  price1: money,
  price2: money,
  priceFixed: money,
  cost: money,
  vat: canonical.vat.nullish(),
  group: canonical.codes.nullish(),
  serial: canonical.flag.nullish(),
  description: canonical.text.nullish(),
  active: canonical.flag.nullish(),
})
