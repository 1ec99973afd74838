import { expect, it } from 'vitest'
import { coreVersion, satisfies } from './version.ts'

it.each([
  ['1.2.3', '^1.2.3', true],
  ['1.9.0', '^1.2.3', true],
  ['1.2.2', '^1.2.3', false],
  ['2.0.0', '^1.2.3', false],
  ['0.3.0', '^0.2.0', false],
  ['0.2.5', '^0.2.0', true],
  ['1.2.3', '1.2.3', true],
  ['1.2.4', '1.2.3', false],
  ['1.2.3', '>=1.0.0', false],
  ['1.2.3', '~1.2.0', false],
  ['1.2.3', '', false],
  ['1.2', '^1.0.0', false],
])('%s against %s: %s', (version, range, fits) => expect(satisfies(version, range)).toBe(fits))

it('the plugin API has a version', () => expect(satisfies(coreVersion, `^${coreVersion}`)).toBe(true))
