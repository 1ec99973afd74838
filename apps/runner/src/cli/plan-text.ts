import type { EntityPlugin } from '@amis-sync/core'
import type { PlanAction, PlanCount, PlanHeader, PlanItem, PlanReason } from '@amis-sync/engine'
import type { CliContext } from './cli-context.ts'
import { timeText } from './figure-text.ts'
import type { Language, Translate } from './language.ts'
import { textTable } from './text-table.ts'

const symbols: Readonly<Record<PlanAction, string>> = {
  create: '＋',
  link: '⇄',
  update: '~',
  remove: '×',
  skip: '–',
  conflict: '!',
  wait: '…',
  fail: '✖',
}
const order = Object.keys(symbols) as PlanAction[]

export function actionNames(t: Translate): Readonly<Record<PlanAction, string>> {
  return {
    create: t('tạo', 'create'),
    link: t('liên kết', 'link'),
    update: t('cập nhật', 'update'),
    remove: t('thu hồi', 'withdraw'),
    skip: t('bỏ qua', 'skip'),
    conflict: t('xung đột', 'conflict'),
    wait: t('chờ', 'wait'),
    fail: t('lỗi dữ liệu', 'bad data'),
  }
}

/** Code and name of a record. */
export function recordText({ key, name, recordId }: PlanItem): string {
  return [key ?? recordId, name].filter((one) => one !== undefined && one !== '').join(' ')
}

/** A plan for people: figures, reasons, samples, duplicates, requests, legend. Pure. */
export function planText(header: PlanHeader, plugins: readonly EntityPlugin[], context: CliContext): string {
  const { t } = context
  const label = (entity: string) => plugins.find(({ id }) => id === entity)?.labels[context.language] ?? entity
  return [
    titleOf(header, t),
    optionsOf(header, t),
    header.counts.length === 0 ? t('Không có gì để làm.', 'There is nothing to do.') : figuresOf(header, label, t),
    ...header.counts.map((count) => detailOf(count, header, label, context)),
    ...duplicatesOf(header, label, t),
    effortOf(header, t),
    legend(t),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function titleOf({ plan, tenant, mode, scope, computedAt, items, stepsBefore }: PlanHeader, t: Translate): string {
  const what =
    scope.entity ??
    (scope.step === undefined ? t('tất cả', 'everything') : t(`bước ${scope.step}`, `step ${scope.step}`))
  const kind = mode === 'sync' ? t('gửi tất cả theo yêu cầu', 'send all by hand') : t('đồng bộ lần đầu', 'first sync')
  const title = t(
    `Kế hoạch ${plan} của ${tenant}: ${kind}, ${what}; ${items} bản ghi, lập lúc ${timeText(computedAt)}. Chưa ghi gì.`,
    `Plan ${plan} of ${tenant}: ${kind}, ${what}; ${items} records, made at ${timeText(computedAt)}. Nothing was written.`,
  )
  if (stepsBefore.length === 0) return title
  const steps = stepsBefore.join(', ')
  return `${title}\n${t(
    `⚠ Bước ${steps} chưa xong: danh mục mà bản ghi của kế hoạch này cần hiện ra ở đây như đi kèm. Kế hoạch này chỉ thực hiện được sau bước ${steps}.`,
    `⚠ Step ${steps} is not done: what the records of this plan need of it stands here as going along. This plan can be applied after step ${steps} only.`,
  )}`
}

/** The options that it was made under (C6). */
function optionsOf({ settings }: PlanHeader, t: Translate): string {
  const flat = (value: unknown, path: string): string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([name, one]) => flat(one, path === '' ? name : `${path}.${name}`))
      : [`${path}=${String(value)}`]
  const options = flat(settings.options, '').join(', ') || '–'
  const conflicts = flat(settings.conflicts, '').join(', ') || t('mặc định', 'default')
  return [
    `${t('Tùy chọn', 'Options')}: ${options}`,
    `${t('Quy tắc xung đột', 'Conflict rules')}: ${conflicts}`,
    `${t('Dữ liệu', 'Data')}: ${settings.enabled.join(', ')}`,
  ].join('\n')
}

function figuresOf({ counts }: PlanHeader, label: (entity: string) => string, t: Translate): string {
  const used = order.filter((action) => counts.some((one) => one.action === action))
  const rows = [...Map.groupBy(counts, ({ entity, from }) => `${entity}|${from}`).values()].map((ones) => {
    const { entity, from, to } = ones[0]!
    const sum = (action: PlanAction) =>
      ones.filter((one) => one.action === action).reduce((total, one) => total + one.count, 0)
    return [label(entity), `${from} → ${to}`, ...used.map(sum)]
  })
  return textTable([t('Loại', 'Type'), t('Chiều', 'Direction'), ...used.map((action) => symbols[action])], rows)
}

function detailOf(
  count: PlanCount,
  { samples }: PlanHeader,
  label: (entity: string) => string,
  { t, language }: CliContext,
): string {
  const { entity, from, to, action, reason, links, pulled, fields } = count
  const more = [
    ...(links > 0 && action !== 'link'
      ? [t(`${links} được liên kết cùng lúc`, `${links} linked at the same time`)]
      : []),
    ...(pulled > 0 ? [t(`${pulled} đi kèm vì bản ghi khác cần`, `${pulled} go along because others need them`)] : []),
    ...Object.entries(fields).map(([field, number]) => `${field} ${number}`),
  ]
  const mine = samples.filter(
    (one) => one.entity === entity && one.from === from && one.action === action && one.reason.code === reason.code,
  )
  return [
    `${symbols[action]} ${actionNames(t)[action]} ${count.count} × ${label(entity)}, ${from} → ${to} · ${reason.code}`,
    `  ${reason[language]}`,
    ...(more.length > 0 ? [`  ${more.join(' · ')}`] : []),
    ...mine.map((item) => `  ${t('ví dụ', 'e.g.')} ${recordText(item)}${sampleNote(item, t, reason, language)}`),
  ].join('\n')
}

/** What only this record has to say. */
function sampleNote(item: PlanItem, t: Translate, common: PlanReason, language: Language): string {
  const { conflict = [], needs = [], pulledBy = [], reason } = item
  if (conflict.length > 0) {
    const values = conflict.map(({ field, values: both }) => {
      const shown = Object.entries(both).map(([side, value]) => `${side}: ${JSON.stringify(value)}`)
      return `${field} (${shown.join(', ')})`
    })
    return `: ${values.join('; ')}`
  }
  if (needs.length > 0) return `: ${t('chờ', 'waits for')} ${needs.join(', ')}`
  if (reason.vi !== common.vi) return `: ${reason[language]}`
  return pulledBy.length > 0 ? `: ${t('đi kèm', 'goes along with')} ${pulledBy.join(', ')}` : ''
}

function duplicatesOf({ duplicates }: PlanHeader, label: (entity: string) => string, t: Translate): string[] {
  if (duplicates.length === 0) return []
  const rows = duplicates.map(({ entity, side, key, records }) => [label(entity), side, key, records.join(', ')])
  const head = [t('Loại', 'Type'), t('Hệ thống', 'System'), t('Mã', 'Code'), t('Các bản ghi', 'Records')]
  return [`${t('Trùng mã trong cùng một hệ thống', 'One code twice in one system')}\n${textTable(head, rows)}`]
}

function effortOf({ requests, seconds }: PlanHeader, t: Translate): string {
  const rows = requests.map(({ system, reads, writes, perMinute }) => [system, reads, writes, perMinute ?? '–'])
  const head = [
    t('Hệ thống', 'System'),
    t('Lượt đọc', 'Reads'),
    t('Lượt ghi', 'Writes'),
    t('Hạn mức/phút', 'Limit/min'),
  ]
  return `${textTable(head, rows)}\n${t(
    `Ước tính ${seconds.least}–${seconds.most} giây: số lượt gọi trên, theo tốc độ các hệ thống vừa trả lời và hạn mức. Chỉ là ước tính.`,
    `About ${seconds.least}–${seconds.most} seconds: the requests above, as fast as the systems answered just now, within their limits. An estimate, no promise.`,
  )}`
}

function legend(t: Translate): string {
  const names = actionNames(t)
  return order.map((action) => `${symbols[action]} ${names[action]}`).join('   ')
}
