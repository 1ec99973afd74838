import { plugin as customer } from '@amis-sync/entity-customer'
import { plugin as customerGroup } from '@amis-sync/entity-customer-group'
import { plugin as employee } from '@amis-sync/entity-employee'
import { plugin as inventory } from '@amis-sync/entity-inventory'
import { plugin as invoiceRequest } from '@amis-sync/entity-invoice-request'
import { plugin as organizationUnit } from '@amis-sync/entity-organization-unit'
import { plugin as pricePolicy } from '@amis-sync/entity-price-policy'
import { plugin as product } from '@amis-sync/entity-product'
import { plugin as productGroup } from '@amis-sync/entity-product-group'
import { plugin as quote } from '@amis-sync/entity-quote'
import { plugin as receivable } from '@amis-sync/entity-receivable'
import { plugin as salesOrder } from '@amis-sync/entity-sales-order'
import { plugin as warehouse } from '@amis-sync/entity-warehouse'
import { expect, it } from 'vitest'
import { decisionTable } from './decision-table.ts'

it('docs/decision-table.md says what the policies do', async () => {
  const plugins = [
    organizationUnit,
    employee,
    customerGroup,
    customer,
    productGroup,
    product,
    warehouse,
    pricePolicy,
    quote,
    salesOrder,
    invoiceRequest,
    inventory,
    receivable,
  ]
  await expect(decisionTable(plugins)).toMatchFileSnapshot('../../../docs/decision-table.md')
})
