import { expect, it } from 'vitest'
import { Stalled, Timeline } from './timeline.ts'

it('jumps from event to event, in the order of their times and then of their arrival', async () => {
  const timeline = new Timeline(1_000)
  const seen: string[] = []
  const say = (what: string) => () => seen.push(`${timeline.now} ${what}`)
  timeline.after(50, say('late'))
  timeline.after(10, say('first'))
  timeline.after(10, say('second'))
  timeline.after(20, say('never'))()
  await timeline.drive(timeline.sleep(60), 100)
  expect(seen).toEqual(['1010 first', '1010 second', '1050 late'])
  expect(timeline.now).toBe(1_060)
})

it('lets everything that needs no time happen between two events', async () => {
  const timeline = new Timeline(0)
  const seen: string[] = []
  timeline.after(1, () => {
    void Promise.resolve()
      .then(() => undefined)
      .then(() => seen.push('after the first'))
  })
  timeline.after(1, () => seen.push('second'))
  await timeline.drive(timeline.sleep(2), 100)
  expect(seen).toEqual(['after the first', 'second'])
})

it('a sleep ends early when its signal aborts, and takes no time then', async () => {
  const timeline = new Timeline(0)
  const stop = new AbortController()
  timeline.after(5, () => stop.abort())
  await timeline.drive(timeline.clock().sleep(1_000, stop.signal), 100)
  expect(timeline.now).toBe(5)
})

it('asks sources that have dates of their own', async () => {
  const timeline = new Timeline(0)
  const runs: number[] = []
  let due: number | null = 7
  timeline.addSource({
    nextDue: () => due,
    run: () => {
      runs.push(timeline.now)
      due = null
    },
  })
  await timeline.drive(timeline.sleep(10), 100)
  expect(runs).toEqual([7])
})

it('says when nothing will ever happen, and when it goes on for too long', async () => {
  const never = new Promise(() => undefined)
  await expect(new Timeline(0).drive(never, 100)).rejects.toThrow(Stalled)
  const timeline = new Timeline(0)
  const again = (): void => void timeline.after(1, again)
  again()
  await expect(timeline.drive(never, 100)).rejects.toThrow('no end after 100 events')
})
