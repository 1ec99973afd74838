import { ALL_ON } from '../model/emitters.ts'
import { asText, type JsonObject } from '../model/json.ts'
import type { Resource } from '../model/resource.ts'
import type { Row } from '../model/row.ts'
import { codeKey, isGuid } from '../model/text.ts'
import { wholeSecond } from '../model/time.ts'
import { writeRow } from '../model/write-row.ts'
import type { Tenant } from '../tenant/tenant.ts'
import { newGuid } from '../model/guid.ts'
import { dictionaryToWrite, type Dictionary } from './dictionaries.ts'
import type { Change } from './callbacks.ts'
import { DONE, refusedFor, refusedWith, type Outcome } from './outcomes.ts'

const ROLES = ['is_customer', 'is_vendor', 'is_employee'] as const

/** Result of one dictionary row: its outcome, the row's key, and the change to announce. */
export interface DictionaryResult {
  readonly outcome: Outcome
  readonly code: string | null
  readonly id: string | null
  readonly change: Change | null
}

/** Creates or changes a dictionary row, matched by id, System id or code (§2.3.2). */
export function applyDictionaryRow(tenant: Tenant, input: JsonObject): DictionaryResult {
  const dictionary = dictionaryToWrite(input['dictionary_type'], ALL_ON) as Dictionary
  const resource = tenant.tables.accounting.resource(dictionary.entity) as Resource
  const code = typeof input[resource.key ?? ''] === 'string' ? asText(input[resource.key ?? '']) : null
  const refused = (outcome: Outcome): DictionaryResult => ({ outcome, code, id: null, change: null })

  const given = input[dictionary.id] ?? undefined
  if (given !== undefined && !isGuid(given)) return refused(refusedWith('InvalidParam', dictionary.id))
  const id = given?.toString().toLowerCase()
  const table = tenant.tables.accounting.table(dictionary.entity)
  const known = liveById(table.get(id ?? ''))
  const before =
    known ?? byPlatformId(tenant, dictionary, input) ?? (code === null ? undefined : table.find(codeKey(code)))
  const byCodeOnly = before !== undefined && before !== known && before !== byPlatformId(tenant, dictionary, input)
  if (before && byCodeOnly && inOtherRole(before, input))
    return refused(refusedWith('DuplicateCode', resource.key ?? null))

  const written = writeRow(
    tenant.tables.accounting,
    resource,
    before ?? null,
    before ? withoutFalseRoles(input) : input,
    {
      world: tenant.tables.accounting.world(ALL_ON),
      person: false,
      now: wholeSecond(tenant.clock.at('accounting')),
      counters: tenant.counters,
    },
    id ?? newGuid(),
  )
  if (written.faults) return refused(refusedFor(written.faults))
  const row = written.row
  const shownCode = asText(row[resource.key ?? ''])
  const change = written.change === 'none' ? null : { dictionary, row, code: shownCode, change: written.change }
  return { outcome: DONE, code: shownCode, id: String(row.id), change }
}

function liveById(row: Row | undefined): Row | undefined {
  return row?.deleted_at === undefined ? row : undefined
}

/** Employees and organisation units are also found by their System id. */
function byPlatformId(tenant: Tenant, dictionary: Dictionary, input: JsonObject): Row | undefined {
  const platformId = input['amis_platform_id']
  if (typeof platformId !== 'string' || platformId === '') return undefined
  if (dictionary.entity !== 'AccountObjects' && dictionary.entity !== 'OrganizationUnits') return undefined
  const found = tenant.tables.accounting.table(dictionary.entity).find(codeKey(platformId), 1)
  const meant = dictionary.entity === 'OrganizationUnits' || input['is_employee'] === true
  return meant || found?.['is_employee'] === true ? found : undefined
}

/** A customer or vendor row found for an employee, or the other way round. */
function inOtherRole(row: Row, input: JsonObject): boolean {
  if (ROLES.every((role) => input[role] === undefined)) return false
  const party = (source: JsonObject): boolean => source['is_customer'] === true || source['is_vendor'] === true
  const employee = (source: JsonObject): boolean => source['is_employee'] === true
  return (employee(input) && !employee(row) && party(row)) || (party(input) && !party(row) && employee(row))
}

/** The API only turns role flags on. */
function withoutFalseRoles(input: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(input).filter(
      ([name, value]) => !ROLES.some((role) => role === name) || (value !== false && value !== null),
    ),
  )
}
