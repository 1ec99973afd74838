import { type Fields, canonical, field, fixedAtCreation, onlyFrom, ownedBy, shared } from '@amis-sync/core'
import { z } from 'zod'

/** Canonical customer (contract §4.5). Accounting wins on tax code, term and limit; the salesperson is the CRM's (CU9). */
export const customerFields = {
  kind: field.text(fixedAtCreation, { vi: 'Loại khách hàng (tổ chức, cá nhân)', en: 'Kind (organisation, person)' }),
  code: field.code(shared, { vi: 'Mã khách hàng', en: 'Code' }),
  name: field.text(shared, { vi: 'Tên khách hàng', en: 'Name' }),
  taxCode: field.text(ownedBy('accounting'), { vi: 'Mã số thuế', en: 'Tax code' }),
  phone: field.phone(shared, { vi: 'Điện thoại', en: 'Phone' }),
  email: field.text(shared, { vi: 'Email', en: 'E-mail' }),
  website: field.text(shared, { vi: 'Website', en: 'Website' }),
  description: field.text(shared, { vi: 'Diễn giải', en: 'Description' }),
  address: field.text(shared, { vi: 'Địa chỉ', en: 'Address' }),
  country: field.text(shared, { vi: 'Quốc gia', en: 'Country' }),
  province: field.text(shared, { vi: 'Tỉnh/Thành phố', en: 'Province' }),
  district: field.text(shared, { vi: 'Quận/Huyện', en: 'District' }),
  ward: field.text(shared, { vi: 'Phường/Xã', en: 'Ward' }),
  shippingAddress: field.text(shared, { vi: 'Địa chỉ giao hàng', en: 'Shipping address' }),
  paymentDays: field.integer(ownedBy('accounting'), { vi: 'Số ngày được nợ', en: 'Payment term in days' }),
  creditLimit: field.decimal(ownedBy('accounting'), { vi: 'Hạn mức nợ', en: 'Credit limit' }),
  groups: field.codes(shared, { vi: 'Nhóm khách hàng', en: 'Groups' }),
  owner: field.code(onlyFrom('crm', { once: 'accounting' }), { vi: 'Nhân viên kinh doanh', en: 'Salesperson' }),
  active: field.flag(shared, { vi: 'Đang sử dụng', en: 'In use' }),
} satisfies Fields

const text = canonical.text.nullish()

export const customerSchema = z.object({
  kind: z.enum(['organisation', 'person']),
  code: canonical.code,
  name: canonical.text,
  taxCode: text,
  phone: text,
  email: text,
  website: text,
  description: text,
  address: text,
  country: text,
  province: text,
  district: text,
  ward: text,
  shippingAddress: text,
  paymentDays: canonical.integer.min(0).nullish(),
  creditLimit: canonical.decimal.nullish(),
  groups: canonical.codes.nullish(),
  owner: canonical.code.nullish(),
  active: canonical.flag.nullish(),
})
