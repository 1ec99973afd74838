import { life as invoiceRequestLife, plugin as invoiceRequest } from '@amis-sync/entity-invoice-request'
import { life as quoteLife, plugin as quote } from '@amis-sync/entity-quote'
import { life as salesOrderLife, plugin as salesOrder } from '@amis-sync/entity-sales-order'
import { expect, it } from 'vitest'
import { documentLives } from './document-lives.ts'

it('docs/documents.md draws the lives of the documents as their packages have them', async () => {
  const documents = [
    { plugin: quote, life: quoteLife },
    { plugin: salesOrder, life: salesOrderLife },
    { plugin: invoiceRequest, life: invoiceRequestLife },
  ]
  await expect(documentLives(documents)).toMatchFileSnapshot('../../../docs/documents.md')
})
