import type { JsonObject } from '../model/json.ts'
import { accountingFigures } from './act-figures.ts'
import { DOCUMENT_ACTIONS } from './act-documents.ts'
import { INVOICE_ACTIONS } from './act-invoices.ts'
import type { Action } from './act.ts'
import { badRequest } from './admin-error.ts'

/** What only persons in ACT do (§5.4). */
export const ACCOUNTING_ACTIONS: Readonly<Record<string, Action>> = {
  ...DOCUMENT_ACTIONS,
  ...INVOICE_ACTIONS,
  ...accountingFigures,
  setConnection: (tenant, command: JsonObject) => {
    const state = command['state']
    if (state !== 'connected' && state !== 'no_database' && state !== 'disconnected') {
      return badRequest('state must be connected, no_database or disconnected')
    }
    tenant.connection.set(state)
    return { state }
  },
}
