import { describe, expect, it } from 'vitest'
import { readRealm } from '../../scenario/realm/index.ts'
import { LiveRealm } from './live-realm.ts'

const file = readRealm()

describe('a realm', () => {
  it.each([undefined, { clientId: 'stranger' }])('has no client %j', (asking) => {
    expect(() => new LiveRealm(file).clientOf(asking)).toThrow(TypeError)
  })

  it('knows the resources that it is told of, where it looks at them, and all where it does not', () => {
    const resources = () => ['https://mcp.example/mcp']
    const looking = new LiveRealm({ ...file, resourceIndicators: true }, resources)
    expect(looking.knowsResource('https://mcp.example/mcp')).toBe(true)
    expect(looking.knowsResource('https://evil.example/mcp')).toBe(false)
    const blind = new LiveRealm({ ...file, resourceIndicators: false }, resources)
    expect(blind.knowsResource('https://evil.example/mcp')).toBe(true)
  })
})
