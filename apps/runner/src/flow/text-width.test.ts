import { expect, it } from 'vitest'
import { textWidth, wrapText } from './text-width.ts'

it('marks take no place, bold takes more, and composed and decomposed text are equally wide', () => {
  expect(textWidth('Hàng hóa', 12)).toBe(textWidth('Hang hoa', 12))
  expect(textWidth('Hàng hóa'.normalize('NFD'), 12)).toBe(textWidth('Hàng hóa', 12))
  expect(textWidth('MMM', 12)).toBeGreaterThan(textWidth('mmm', 12) - 1)
  expect(textWidth('iii', 12)).toBeLessThan(textWidth('ooo', 12))
  expect(textWidth('ooo', 12, true)).toBeGreaterThan(textWidth('ooo', 12))
})

it('breaks between words, none lost, no line wider than asked but a single long word', () => {
  const text = 'Đề nghị xuất hóa đơn của khách hàng'
  const lines = wrapText(text, { width: 90, size: 12 })
  expect(lines.length).toBeGreaterThan(1)
  expect(lines.join(' ')).toBe(text)
  for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(90)
  expect(wrapText('Rấtrấtdàikhôngngắt', { width: 10, size: 12 })).toEqual(['Rấtrấtdàikhôngngắt'])
})

it('what is over ends behind a whole item of the list', () => {
  const lines = wrapText('số lượng giao, tình trạng đơn hàng, còn phải thu, thực thu', {
    width: 120,
    size: 12,
    lines: 2,
  })
  expect(lines).toHaveLength(2)
  expect(lines[1]).toMatch(/^.*[^,], …$/)
  expect('số lượng giao, tình trạng đơn hàng, còn phải thu, thực thu').toContain(lines.join(' ').replace(', …', ','))
})
