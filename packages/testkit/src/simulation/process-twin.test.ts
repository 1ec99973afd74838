import { expect, it } from 'vitest'
import { createMemoryStore } from '../memory-store.ts'
import { createChance } from './chance.ts'
import { ProcessTwin } from './process-twin.ts'
import { Timeline } from './timeline.ts'

function open() {
  const timeline = new Timeline(0)
  return { timeline, process: new ProcessTwin(timeline, createChance(1)) }
}

it('who dies hears nothing any more; what it sent arrives, or does not', async () => {
  for (const arrives of [true, false]) {
    const { timeline, process } = open()
    const done: string[] = []
    void process.call(5, async () => done.push('done')).then(() => done.push('heard'))
    void process.clock.sleep(5).then(() => done.push('woken'))
    process.kill(arrives)
    await timeline.drive(timeline.sleep(10), 100)
    expect(done).toEqual(arrives ? ['done'] : [])
  }
})

it('who stands still hears everything when it goes on', async () => {
  const { timeline, process } = open()
  const heard: number[] = []
  void process.call(5, async () => undefined).then(() => heard.push(timeline.now))
  process.pause()
  timeline.after(100, () => process.resume())
  await timeline.drive(timeline.sleep(200), 100)
  expect(heard).toEqual([100])
})

it('dies at its n-th call', async () => {
  const { timeline, process } = open()
  let died = 0
  process.killAtCall(2, false, () => {
    died += 1
  })
  const done: number[] = []
  for (const one of [1, 2, 3]) void process.call(1, async () => done.push(one))
  await timeline.drive(timeline.sleep(10), 100)
  expect(died).toBe(1)
  expect(process.alive).toBe(false)
  expect(done).toEqual([])
})

it('its store is the store, at a distance', async () => {
  const { timeline, process } = open()
  const store = createMemoryStore().forTenant('acme')
  const seen = process.store(store)
  await timeline.drive(seen.cursors.set('a', '1'), 100)
  expect(await store.cursors.get('a')).toBe('1')
  expect(seen.tenant).toBe('acme')
})

it('dies at its n-th call of a name', async () => {
  const { timeline, process } = open()
  const store = process.store(createMemoryStore().forTenant('acme'))
  process.killAtCall(1, true, () => undefined, 'cursors.set')
  await timeline.drive(store.cursors.get('a'), 100)
  expect(process.alive).toBe(true)
  void store.cursors.set('a', '1')
  expect(process.alive).toBe(false)
})
