import type { Resource } from '../model/resource.ts'
import { INVOICE_REQUESTS, QUOTES, SALE_ORDERS } from './documents.ts'
import { PRODUCTS, PRODUCT_CATEGORIES, STOCKS } from './goods.ts'
import { customerDebts, productLedger, type Lookup } from './pairs.ts'
import { CONTACTS, CUSTOMERS, CUSTOMER_GROUPS } from './parties.ts'
import { PRICE_POLICIES } from './price-policies.ts'

/** All entities of the CRM (§1.5), in the order of the contract. */
export function crmResources(lookup: Lookup): Resource[] {
  return [
    CUSTOMERS,
    CONTACTS,
    CUSTOMER_GROUPS,
    PRODUCT_CATEGORIES,
    PRODUCTS,
    SALE_ORDERS,
    QUOTES,
    INVOICE_REQUESTS,
    PRICE_POLICIES,
    STOCKS,
    productLedger(lookup),
    customerDebts(lookup),
  ]
}

/** Capability without which a resource is not there at all (§6.1). */
export const RESOURCE_FLAGS: Readonly<Record<string, string>> = {
  CustomerGroups: 'customerGroups',
  ProductCategories: 'productCategories',
  Quotes: 'quotes',
  InvoiceRequests: 'invoiceRequests',
  PricePolicies: 'pricePolicies',
  CustomerDebts: 'customerDebts',
}

/** Resources without feed of deletions and webhooks of their own. */
export const PAIRS: readonly string[] = ['ProductLedger', 'CustomerDebts']
