import { describe, expect, it } from 'vitest'
import type { Arrow } from '../../trace/sequence/sequence.ts'
import { drawing } from './sequence-diagram.ts'

const request: Arrow = {
  from: 'expenses',
  to: 'pdp',
  text: 'may alice?',
  detail: '',
  kind: 'request',
  depth: 0,
}
const refusal: Arrow = {
  from: 'pdp',
  to: 'expenses',
  text: 'deny: <no>',
  detail: '',
  kind: 'refusal',
  depth: 0,
}

describe('drawing', () => {
  const svg = drawing([request, refusal])

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

  it('marks a refusal in red, and nothing else', () => {
    const red = /#cf222e/g
    // Its line, its tip and its text.
    expect(svg.match(red)).toHaveLength(3)
    expect(drawing([request, { ...refusal, kind: 'answer' }])).not.toMatch(red)
  })
})
