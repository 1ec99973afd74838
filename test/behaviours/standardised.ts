import type { AnyRow, Company } from './company.ts'

export const act = (code: string, more: AnyRow = {}): AnyRow => ({
  account_object_code: code,
  account_object_name: `Công ty ${code}`,
  is_customer: true,
  ...more,
})

export const item = (code: string, more: AnyRow = {}): AnyRow => ({
  inventory_item_code: code,
  inventory_item_name: `Hàng ${code}`,
  unit_name: 'Cái',
  ...more,
})

export const by = 'ketoan'
export const standardise = (company: Company, entity = 'customer') =>
  company.engine.desk('standardise.match', { entity, from: 'accounting' })
export const suggested = async (company: Company, entity: string, band: 'link' | 'ask' | 'duplicate') => {
  const { suggestionPage } = await import('@amis-sync/engine')
  return (await suggestionPage(company.store, entity, { band, limit: 100 })).suggestions
}
export const codes = (rows: readonly { readonly records: readonly { readonly key?: string }[] }[]) =>
  rows.map(({ records }) => records.map(({ key }) => key)).toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
export const code = (side: 'crm' | 'accounting', key: string) => ({ side, key })
