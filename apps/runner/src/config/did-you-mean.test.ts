import { describe, expect, it } from 'vitest'
import { didYouMean, editDistance } from './did-you-mean.ts'

describe('didYouMean', () => {
  it('counts a swap of neighbours as one', () => {
    expect(editDistance('recordAs', 'reocrdAs')).toBe(1)
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('abc', 'abc')).toBe(0)
  })

  it.each([
    ['recordas', 'recordAs'],
    ['record-as', 'recordAs'],
    ['clientID', 'clientId'],
    ['cleintSecret', 'clientSecret'],
  ])('%s → %s', (word, meant) => {
    expect(didYouMean(word, ['recordAs', 'deliveredFrom', 'clientId', 'clientSecret'])).toBe(meant)
  })

  it('says nothing when nothing is near', () => {
    expect(didYouMean('colour', ['recordAs', 'deliveredFrom'])).toBeUndefined()
    expect(didYouMean('x', ['a', 'b'])).toBeUndefined()
  })
})
