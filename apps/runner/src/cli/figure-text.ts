import type { Failure } from '@amis-sync/core'
import { toTimeStamp } from '@amis-sync/core'
import type { FigureAnswer, FigureStatus } from '@amis-sync/engine'

/** A decimal as people read it: `1234567.5` → `1.234.567,5` in Vietnamese, `1,234,567.5` in English. Never through a float. */
export function figureText(value: string | null, language: 'vi' | 'en'): string {
  if (value === null) return '–'
  const [thousands, point] = language === 'vi' ? ['.', ','] : [',', '.']
  const [whole = '', fraction] = value.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, thousands)
  return fraction === undefined ? grouped : `${grouped}${point}${fraction}`
}

/** A server's time stamp, or ours, in Vietnam's wall clock: `2026-11-24 08:25:01`. */
export function timeText(time: string | number | undefined): string {
  if (time === undefined) return '–'
  const text = typeof time === 'number' ? toTimeStamp(time) : time
  return text.slice(0, 19).replace('T', ' ')
}

/** What stands in the way of an entity's figures. */
export function figureTroubles(state: FigureAnswer['state'] | FigureStatus): Failure[] {
  return [state?.held?.failure, state?.failure, state?.refusal].filter((one) => one !== undefined)
}
