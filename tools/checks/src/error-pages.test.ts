import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { errorPages, errorsIn } from './error-pages.ts'

const root = join(import.meta.dirname, '../../..')

it('finds codes in objects and in calls, with what is known at run time left open', () => {
  const source = `
    new SyncError({ code: 'A_B', kind: 'config', message: { vi: \`Sai \${x}.\`, en: 'Wrong.' } })
    const row = { code: 'C_D', ok: false, meaning: { vi: 'v', en: 'e' } }
    failureFrom('E_F', { vi: 'v', en: \`e \${a} \${b}\` }, 'conflict')
    usageError('không', 'no', 'G_H'); bad('I_J', 'v', 'e'); other('no code', 'v', 'e')
  `
  expect(errorsIn(source, 'x')).toEqual([
    { code: 'A_B', kinds: ['config'], vi: 'Sai ….', en: 'Wrong.', from: 'x' },
    { code: 'C_D', kinds: [], vi: 'v', en: 'e', from: 'x' },
    { code: 'E_F', kinds: ['conflict'], vi: 'v', en: 'e … …', from: 'x' },
    { code: 'I_J', kinds: [], vi: 'v', en: 'e', from: 'x' },
  ])
})

it('docs/errors.md has every code of the product', async () => {
  const files = globSync('{packages,apps}/*/src/**/*.ts', { cwd: root })
    .filter((path) => !/\.(test|fixture)\.ts$|\/(testing|fixtures)\/|apps\/sandbox|embedded-mongodb|testkit/.test(path))
    .sort()
    .map((path) => join(root, path))
  await expect(errorPages(files)).toMatchFileSnapshot('../../../docs/errors.md')
})
