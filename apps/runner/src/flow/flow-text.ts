import type { Message } from '@amis-sync/core'
import type { FlowArrow, FlowArrowKind, FlowEntity, FlowPicture } from '@amis-sync/engine'
import { translator } from '../cli/language.ts'
import type { Language } from '../cli/language.ts'

/** What each arrow is called and means, in the order of the legend. */
export const arrowTexts: Readonly<Record<FlowArrowKind, { readonly name: Message; readonly meaning: Message }>> = {
  'made-from': {
    name: { vi: 'Lập từ', en: 'Made from' },
    meaning: { vi: 'chứng từ lập từ chứng từ khác', en: 'a document made from another' },
  },
  'taken-over': {
    name: { vi: 'Lấy sang', en: 'Taken over' },
    meaning: { vi: 'khi cần, hoặc khi được yêu cầu', en: 'when it is needed or asked for' },
  },
  'updated-automatically': {
    name: { vi: 'Tự động cập nhật', en: 'Updated automatically' },
    meaning: { vi: 'thêm, sửa là sang ngay', en: 'each addition or edit, at once' },
  },
  'updated-back': {
    name: { vi: 'Cập nhật lại', en: 'Updated back' },
    meaning: { vi: 'kết quả xử lý trả về nơi lập', en: 'what became of it returns' },
  },
}

const scopeTexts: Readonly<Record<NonNullable<FlowArrow['scope']>, Message>> = {
  all: { vi: 'thêm, sửa', en: 'additions and edits' },
  additions: { vi: 'thêm mới', en: 'additions' },
  edits: { vi: 'sửa bản ghi đã có ở hai bên', en: 'edits of linked records' },
}

export function inLanguage(message: Message, language: Language): string {
  return message[language].normalize('NFC')
}

/** "Báo giá" inside a sentence: "báo giá". Names that are written in capitals stay. */
export function inSentence(text: string): string {
  return /^\p{Lu}[\p{Ll} ]/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

/** What an arrow says besides its kind: when, what, which fields. May be empty. */
export function arrowNote(picture: FlowPicture, arrow: FlowArrow, language: Language): string {
  const t = translator(language)
  const list = (messages: readonly Message[]) => messages.map((one) => inSentence(inLanguage(one, language))).join(', ')
  if (arrow.kind === 'made-from') return ''
  const causes = arrow.when ?? []
  const needed = causes.filter(({ kind }) => kind === 'needed').map(({ labels }) => labels)
  const others = causes.filter(({ kind }) => kind !== 'needed').map(({ labels }) => labels)
  const when = [
    ...(needed.length > 0 ? [`${t('khi cần cho', 'when needed by')} ${list(needed)}`] : []),
    ...(others.length > 0 ? [list(others)] : []),
  ].join('; ')
  if (arrow.kind === 'updated-back') {
    const fields = list((arrow.fields ?? []).map(({ labels }) => labels))
    return when === '' ? fields : `${fields} (${when})`
  }
  const figure = entityOf(picture, arrow.to.entity)?.kind === 'figure'
  if (arrow.kind === 'updated-automatically')
    return figure ? t('số liệu mới nhất', 'latest figures') : inLanguage(scopeTexts[arrow.scope ?? 'all'], language)
  return arrow.scope === 'edits' ? `${t('sửa', 'edits')}: ${when}` : when
}

export function entityOf(picture: FlowPicture, id: string): FlowEntity | undefined {
  return picture.entities.find((entity) => entity.id === id)
}

export function entityName(picture: FlowPicture, id: string, language: Language): string {
  const entity = entityOf(picture, id)
  return entity ? inLanguage(entity.labels, language) : id
}

export function systemName(picture: FlowPicture, id: string, language: Language): string {
  const system = picture.systems.find((one) => one.id === id)
  return system ? inLanguage(system.labels, language) : id
}

/** One arrow as a sentence, for who cannot see the picture. */
export function arrowSentence(picture: FlowPicture, arrow: FlowArrow, language: Language): string {
  const kind = inSentence(inLanguage(arrowTexts[arrow.kind].name, language))
  const name = (id: string) => entityName(picture, id, language)
  if (arrow.kind === 'made-from')
    return `${name(arrow.to.entity)} ${kind} ${inSentence(name(arrow.from.entity))} (${systemName(picture, arrow.to.system, language)})`
  const note = arrowNote(picture, arrow, language)
  const way = `${systemName(picture, arrow.from.system, language)} → ${systemName(picture, arrow.to.system, language)}`
  return `${name(arrow.to.entity)}: ${way}, ${kind}${note === '' ? '' : `: ${note}`}`
}

/** What a new record becomes at the entity's chosen side, where the tenant chose. */
export function modeNote(entity: FlowEntity, system: string, language: Language): string | undefined {
  if (entity.mode?.system !== system) return undefined
  const mode = inLanguage(entity.mode.labels, language)
  return translator(language)(`ghi nhận thành ${mode}`, `recorded as ${mode}`)
}

/** The groups of rows: the steps of the first sync (C7), and what is only looked up. */
export function sectionOf({ kind, step }: FlowEntity): Message {
  if (kind === 'figure') return { vi: 'Số liệu tra cứu', en: 'Figures to look up' }
  if (step === 1) return { vi: 'Bước 1 · Hệ thống', en: 'Step 1 · System' }
  if (step === 2) return { vi: 'Bước 2 · Danh mục', en: 'Step 2 · Catalogues' }
  return { vi: 'Bước 3 · Chứng từ', en: 'Step 3 · Documents' }
}
