import { describe, expect, it } from 'vitest'
import { type DrawnArrow, sequenceDrawing } from './sequence-drawing.ts'
import { pictureWidth, wrapped } from './svg.ts'

const request: DrawnArrow = {
  from: 'expenses',
  to: 'pdp',
  text: 'may alice?',
  detail: '',
  kind: 'request',
  depth: 0,
}
const refusal: DrawnArrow = { ...request, from: 'pdp', to: 'expenses', text: 'deny: <no>', kind: 'refusal' }

const red = /#cf222e/
const green = /#1a7f37/

describe('a sequence drawing', () => {
  const svg = sequenceDrawing([request, refusal], '')

  it('escapes texts', () => {
    expect(svg).toContain('deny: &lt;no&gt;')
    expect(svg).not.toContain('<no>')
  })

  it('uses no style, which GitHub would take away', () => {
    expect(svg).not.toMatch(/style/)
  })

  it('draws each label on top of its outline, whatever of `paint-order` is left', () => {
    const labels = svg.match(/<text [^>]*>deny: &lt;no&gt;<\/text>/g) ?? []
    expect(labels.map((label) => label.includes('stroke='))).toEqual([true, false])
    expect(svg).not.toContain('paint-order')
  })

  it('is red where something is not as it should be, and green where it is, whatever the answer was', () => {
    expect(svg).not.toMatch(red)
    expect(sequenceDrawing([request, { ...refusal, tone: 'good' }], '')).toMatch(green)
    expect(sequenceDrawing([request, { ...refusal, kind: 'answer', tone: 'bad' }], '')).toMatch(red)
  })

  it('gives the attacker a lifeline of another colour', () => {
    const attack = sequenceDrawing([{ ...request, from: 'attacker', to: 'expenses' }], '')
    expect(attack).toMatch(/<text [^>]*fill="#cf222e"[^>]*>attacker<\/text>/)
  })

  it('marks what is new with a band, and says what the band means', () => {
    const marked = sequenceDrawing([{ ...request, isNew: true }, refusal], 'not so in p05')
    expect(marked.match(/fill="#fff8c5"\/>/g)).toHaveLength(1)
    expect(marked).toContain('>not so in p05</text>')
  })

  it('has one width, however long its texts are', () => {
    const long = {
      ...request,
      text: 'may alice, through an agent, do it? '.repeat(6),
      detail: 'x'.repeat(200),
    }
    expect(sequenceDrawing([long], '')).toContain(`viewBox="0 0 ${pictureWidth} `)
  })
})

describe('breaking a text', () => {
  it('is done between words, and within a word that is too long', () => {
    expect(wrapped('one two three', 60)).toEqual(['one two', 'three'])
    expect(wrapped('abcdefghijklmnop', 60)).toEqual(['abcdefgh', 'ijklmnop'])
  })
})
