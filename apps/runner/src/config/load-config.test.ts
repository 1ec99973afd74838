import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readRunnerConfig } from './load-config.ts'
import { defaultPlugins } from './runner-config.ts'

const folder = () => mkdtemp(join(tmpdir(), 'runner-config-'))

it('no file means all defaults', async () => {
  const config = await readRunnerConfig(await folder(), {})
  expect(config.plugins).toEqual(defaultPlugins)
  expect(config.http).toEqual({ host: '127.0.0.1', port: 48600 })
})

it('problems of amis-sync.yaml have positions', async () => {
  const directory = await folder()
  await writeFile(join(directory, 'amis-sync.yaml'), 'http:\n  prot: 80\nlog: { level: loud }\n')
  await expect(readRunnerConfig(directory, {})).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('amis-sync.yaml:2:3: unknown key "prot". Did you mean "port"?'),
    text: { vi: expect.stringContaining('Có phải bạn muốn viết "port"?') },
  })
})
