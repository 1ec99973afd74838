import type { Run, RunCounters } from '@amis-sync/core'
import type { CliContext } from './cli-context.ts'

/** The three steps of a first sync (C7), as people read them. */
export const stepNames: readonly { readonly vi: string; readonly en: string }[] = [
  { vi: 'Hệ thống: nhân viên', en: 'System: employees' },
  { vi: 'CRM: danh mục', en: 'CRM: catalogues' },
  { vi: 'CRM: chứng từ', en: 'CRM: documents' },
]

const figures = new Intl.NumberFormat('vi-VN')

/** All entities of a step together. The total is unknown while that of any entity is. */
export function sumOf(run: Run): RunCounters {
  const parts = Object.values(run.entities)
  const sum = (name: Exclude<keyof RunCounters, 'total'>) => parts.reduce((all, one) => all + one[name], 0)
  const known = parts.length > 0 && parts.every((one) => one.total !== undefined)
  return {
    done: sum('done'),
    ...(known ? { total: parts.reduce((all, one) => all + (one.total ?? 0), 0) } : {}),
    created: sum('created'),
    linked: sum('linked'),
    updated: sum('updated'),
    skipped: sum('skipped'),
    failed: sum('failed'),
  }
}

/** One step in words: `120/1.200 · tạo 80 · liên kết 40 · 95/s · còn 11s`. */
export function stepText(run: Run, t: CliContext['t'], elapsedMs: number): string {
  const sum = sumOf(run)
  const n = (value: number) => figures.format(value)
  const parts = [sum.total === undefined ? n(sum.done) : `${n(sum.done)}/${n(Math.max(sum.done, sum.total))}`]
  const named = [
    [sum.created, t('tạo', 'created')],
    [sum.linked, t('liên kết', 'linked')],
    [sum.updated, t('cập nhật', 'updated')],
    [sum.skipped, t('bỏ qua', 'skipped')],
    [sum.failed, t('lỗi', 'failed')],
  ] as const
  for (const [value, name] of named) if (value > 0) parts.push(`${name} ${n(value)}`)
  const rate = elapsedMs > 500 ? (sum.done / elapsedMs) * 1000 : 0
  if (run.state === 'running' && rate > 0) {
    parts.push(`${n(Math.round(rate))}/s`)
    const left = sum.total === undefined ? 0 : (sum.total - sum.done) / rate
    if (left >= 1) parts.push(t(`còn ${Math.ceil(left)}s`, `${Math.ceil(left)}s left`))
  }
  return parts.join(' · ')
}

function bar(run: Run, width = 24): string {
  const { done, total } = sumOf(run)
  const share = run.state === 'finished' ? 1 : total === undefined || total === 0 ? 0 : Math.min(1, done / total)
  const full = Math.round(share * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}

export interface ProgressView {
  show(run: Run): void
  /** Leaves the cursor below the last line. */
  end(): void
}

const plainEveryMs = 2_000

/** Bars that move on a terminal; a line now and then elsewhere. On stderr. */
export function createProgressView(context: CliContext, stream: NodeJS.WriteStream = process.stderr): ProgressView {
  return context.fancy ? movingBars(context, stream) : plainLines(context)
}

function name(step: number, context: CliContext): string {
  const names = stepNames[step - 1]
  return names ? context.t(names.vi, names.en) : String(step)
}

function plainLines(context: CliContext): ProgressView {
  const toldAt = new Map<number, number>()
  const started = new Map<number, number>()
  const finished = new Set<number>()
  return {
    show: (run) => {
      const now = performance.now()
      if (!started.has(run.step)) started.set(run.step, now)
      if (finished.has(run.step)) return
      if (run.state !== 'finished' && now - (toldAt.get(run.step) ?? -Infinity) < plainEveryMs) return
      toldAt.set(run.step, now)
      if (run.state === 'finished') finished.add(run.step)
      const mark = run.state === 'finished' ? '✓' : '…'
      context.say(
        `${mark} ${run.step}/3 ${name(run.step, context)}: ${stepText(run, context.t, now - started.get(run.step)!)}`,
      )
    },
    end: () => undefined,
  }
}

function movingBars(context: CliContext, stream: NodeJS.WriteStream): ProgressView {
  const runs = new Map<number, Run>()
  const started = new Map<number, number>()
  let drawn = 0
  const draw = () => {
    const now = performance.now()
    const lines = stepNames.map((_, index) => {
      const run = runs.get(index + 1)
      const title = name(index + 1, context).padEnd(22)
      if (!run) return `\u001B[2m  ${index + 1}. ${title} ${'░'.repeat(24)}\u001B[0m`
      const mark = run.state === 'finished' ? '\u001B[32m✓\u001B[0m' : '\u001B[36m▸\u001B[0m'
      return `${mark} ${index + 1}. ${title} \u001B[36m${bar(run)}\u001B[0m ${stepText(run, context.t, now - (started.get(run.step) ?? now))}`
    })
    const most = Math.max(20, stream.columns ?? 120) + 20
    stream.write(
      `${drawn > 0 ? `\u001B[${drawn}A` : ''}${lines.map((line) => `\u001B[2K${line.slice(0, most)}`).join('\n')}\n`,
    )
    drawn = lines.length
  }
  return {
    show: (run) => {
      if (!started.has(run.step)) started.set(run.step, performance.now())
      runs.set(run.step, run)
      draw()
    },
    end: () => undefined,
  }
}
