import { type Column, columns } from '@amis-sync/core'

/** `currency_type` of the CRM and `currency_id` of Accounting (contract §1.6): the same names. */
export const currencies = ['VND', 'USD', 'EUR', 'GBP', 'MYR', 'MMK', 'CNY', 'JPY'] as const

export function currency(name: string): Column {
  return columns.choice(name, Object.fromEntries(currencies.map((one) => [one, one])))
}
