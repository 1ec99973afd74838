import { expect, it } from 'vitest'
import { byName, nameIn } from './reference-name.ts'

it('tells a name from a code', () => {
  expect(nameIn(byName('An Phát'))).toBe('An Phát')
  expect(nameIn('KH001')).toBeUndefined()
})
