import type { Message } from '@amis-sync/core'
import type { DeskHost } from './desk-host.ts'
import { type NamedPair, type PairOutcome, findPair, outcomeOf } from './name-pair.ts'
import { partRecords } from './part-records.ts'
import { type PairsRequest, lookAgain } from './reject-records.ts'

/** Takes a decision about a pair back: a rejection is forgotten, a pair that was linked at the desk is parted. */
export async function undoRecords(host: DeskHost, { by, pairs }: PairsRequest): Promise<PairOutcome[]> {
  const outcomes: PairOutcome[] = []
  for (const pair of pairs) outcomes.push(await undoOne(host, by, pair))
  return outcomes
}

async function undoOne(host: DeskHost, by: string, pair: NamedPair): Promise<PairOutcome> {
  const { decisions } = host.context
  const known = await findPair(host, pair)
  if ('refusal' in known) return outcomeOf(pair, 'refused', known.refusal)
  const decision = await decisions.get(pair.entity, known.records)
  if (!decision) return outcomeOf(pair, 'refused', nothing)
  if (known.links[0].id === known.links[1].id) return (await partRecords(host, { by, pairs: [pair] }))[0]!
  await decisions.remove(pair.entity, known.records)
  await lookAgain(host, known.links)
  return outcomeOf(pair, 'reopened', reopened)
}

const nothing: Message = {
  vi: 'Chưa có quyết định nào về cặp này nên không có gì để hoàn tác.',
  en: 'Nothing was decided about this pair, so there is nothing to undo.',
}
const reopened: Message = {
  vi: 'Đã bỏ quyết định; lần chuẩn hóa sau sẽ xem lại cặp này.',
  en: 'The decision is taken back; the next standardisation run looks at the pair again.',
}
