import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { SyncError, isSyncError } from '@amis-sync/core'
import { type PlanHeader, type PlanItem, chainSum, headerSum, planFormatVersion } from '@amis-sync/engine'
import type { z } from 'zod'
import { planHeaderSchema, planItemSchema } from './plan-schema.ts'

/** Longer lines are none of ours. */
const longestLine = 1024 * 1024
const mostItems = 5_000_000

/** Writes a plan as JSON lines: header, one line for each record, end. The file is there whole or not at all. */
export async function writePlanFile(
  path: string,
  header: PlanHeader,
  pages: AsyncIterable<readonly PlanItem[]>,
): Promise<void> {
  const draft = `${path}.tmp`
  const file = await open(draft, 'w')
  try {
    await file.write(`${JSON.stringify({ header, sum: headerSum(header) })}\n`)
    let sum = ''
    for await (const page of pages) {
      const lines = page.map((item) => {
        sum = chainSum(sum, item)
        return `${JSON.stringify({ item, sum })}\n`
      })
      await file.write(lines.join(''))
    }
    await file.write(`${JSON.stringify({ end: header.items })}\n`)
    await file.sync()
    await file.close()
    await rename(draft, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(draft, { force: true })
    throw error
  }
}

/** Reads the header and checks every line behind it; throws `PLAN_FILE_INVALID` with the line and what to do. */
export async function checkPlanFile(path: string): Promise<PlanHeader> {
  let header: PlanHeader | undefined
  for await (const one of readPlanFile(path)) header = one.header
  return header!
}

/** The records of a plan file, some at a time. */
export async function* planFileItems(path: string): AsyncGenerator<readonly PlanItem[]> {
  for await (const { items } of readPlanFile(path)) if (items.length > 0) yield items
}

async function* readPlanFile(
  path: string,
): AsyncGenerator<{ readonly header: PlanHeader; readonly items: readonly PlanItem[] }> {
  let header: PlanHeader | undefined
  let items: PlanItem[] = []
  let sum = ''
  let count = 0
  let line = 0
  let ended = false
  for await (const text of linesOf(path)) {
    line += 1
    const value = parsed(text, path, line)
    if (ended) throw invalid(path, line, 'có dòng sau dòng cuối', 'a line behind the end')
    if (!header) {
      header = headerIn(value, path)
      yield { header, items: [] }
    } else if ('end' in value) {
      if (value['end'] !== count || count !== header.items || sum !== header.sum)
        throw invalid(path, line, 'số bản ghi không khớp với phần đầu', 'its records are not those of its first line')
      ended = true
    } else {
      const item = checked(planItemSchema, value['item'], path, line)
      sum = chainSum(sum, item)
      if (value['sum'] !== sum) throw changed(path, line)
      count += 1
      if (count > Math.min(header.items, mostItems))
        throw invalid(path, line, 'nhiều bản ghi hơn phần đầu nói', 'more records than its first line says')
      items.push(item)
      if (items.length === 500) {
        yield { header, items }
        items = []
      }
    }
  }
  if (!header || !ended) throw invalid(path, line, 'tệp bị cắt cụt', 'the file is cut off')
  yield { header, items }
}

/** Lines without their ends; never more than one in memory. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  let line = 1
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
      const parts = (rest + (chunk as string)).split('\n')
      rest = parts.pop()!
      for (const part of parts) {
        yield part
        line += 1
      }
      if (rest.length > longestLine) throw invalid(path, line, 'dòng quá dài', 'the line is too long')
    }
  } catch (error) {
    if (isSyncError(error)) throw error
    throw unreadable(path, error)
  }
  if (rest !== '') yield rest
}

function parsed(text: string, path: string, line: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // told below
  }
  throw invalid(path, line, 'không phải một đối tượng JSON', 'it is no JSON object')
}

function headerIn(value: Record<string, unknown>, path: string): PlanHeader {
  const given = value['header'] as { format?: unknown; formatVersion?: unknown } | undefined
  if (given?.format !== 'amis-sync-plan')
    throw invalid(path, 1, 'đây không phải tệp kế hoạch của amis-sync', 'it is no plan of amis-sync')
  if (given.formatVersion !== planFormatVersion) {
    throw invalid(
      path,
      1,
      `tệp có phiên bản ${String(given.formatVersion)}, chương trình này đọc phiên bản ${planFormatVersion}`,
      `the file has version ${String(given.formatVersion)}, this program reads version ${planFormatVersion}`,
    )
  }
  const header = checked(planHeaderSchema, given, path, 1)
  if (value['sum'] !== headerSum(header)) throw changed(path, 1)
  return header
}

function checked<T>(schema: z.ZodType<T>, value: unknown, path: string, line: number): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const where = issue.path.join('.') || '–'
  throw invalid(path, line, `"${where}" không hợp lệ (${issue.message})`, `"${where}" is not valid (${issue.message})`)
}

function changed(path: string, line: number): SyncError {
  return invalid(
    path,
    line,
    'dòng này, hoặc dòng ngay trước, đã bị sửa, thêm, bớt hay đổi chỗ sau khi lập kế hoạch',
    'this line, or the one before it, was changed, added, taken out or moved after the plan was made',
  )
}

function invalid(path: string, line: number, vi: string, en: string): SyncError {
  return new SyncError({
    code: 'PLAN_FILE_INVALID',
    kind: 'config',
    message: {
      vi: `${path}:${line}: ${vi}. Không ghi gì. Hãy xuất lại tệp bằng lệnh plan --out.`,
      en: `${path}:${line}: ${en}. Nothing was written. Export the file again with plan --out.`,
    },
  })
}

function unreadable(path: string, error: unknown): SyncError {
  const why = error instanceof Error ? error.message : String(error)
  return new SyncError({
    code: 'PLAN_FILE_UNREADABLE',
    kind: 'config',
    message: {
      vi: `Không đọc được tệp kế hoạch ${path} (${why}). Hãy kiểm tra đường dẫn và quyền đọc.`,
      en: `The plan file ${path} cannot be read (${why}). Check the path and the right to read it.`,
    },
  })
}
