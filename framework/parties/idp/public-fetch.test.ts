import { beforeEach, describe, expect, it, vi } from 'vitest'
import { publicFetch } from './public-fetch.ts'
import { readDocument } from './read-document.ts'

interface Found {
  readonly address: string
  readonly family: number
}
let found: Found[] | Error
vi.mock('./read-document.ts', () => ({ readDocument: vi.fn(async () => new Response('{}')) }))
vi.mock('node:dns', () => ({
  lookup: (
    _name: string,
    options: { all?: boolean },
    callback: (error: Error | null, all?: Found[]) => void,
  ) => {
    if (!options.all) throw new Error('every address is to be judged')
    if (found instanceof Error) callback(found)
    else callback(null, found)
  },
}))

const read = vi.mocked(readDocument)
beforeEach(() => void read.mockClear())

/** The addresses that the connection to a host gets, by the lookup that the fetch brings along. */
async function lookedUp(options: { all?: boolean } = {}): Promise<unknown[]> {
  await publicFetch('https://agent.example/client.json')
  const lookup = read.mock.lastCall?.[1]?.lookup as unknown as (
    name: string,
    options: object,
    callback: (...answer: unknown[]) => void,
  ) => void
  return new Promise((resolve) => lookup('agent.example', options, (...answer) => resolve(answer)))
}
const publicOne = { address: '93.184.215.14', family: 4 }
const internalOne = { address: '10.0.0.1', family: 4 }

describe('a document is not fetched', () => {
  it.each(['http://agent.example/c', 'ftp://agent.example/c'])('from %s', async (url) => {
    await expect(publicFetch(url)).rejects.toThrow('only https is fetched')
    expect(read).not.toHaveBeenCalled()
  })

  it.each(['https://127.0.0.1/c', 'https://[::1]/c', 'https://10.1.2.3/c'])('from %s', async (url) => {
    await expect(publicFetch(url)).rejects.toThrow('an internal address')
    expect(read).not.toHaveBeenCalled()
  })

  it.each([
    ['an internal address', [internalOne]],
    ['one internal address beside another', [publicOne, internalOne]],
    ['no address', []],
  ])('from a name with %s', async (_what, addresses) => {
    found = addresses
    expect(await lookedUp()).toEqual([
      expect.objectContaining({ message: expect.stringContaining('internal') }),
    ])
  })

  it('from a name that nobody knows', async () => {
    found = new Error('ENOTFOUND')
    expect(await lookedUp()).toEqual([found])
  })
})

describe('a document is fetched', () => {
  it.each(['https://agent.example/c', 'https://93.184.215.14/c'])('from %s', async (url) => {
    expect((await publicFetch(url)).status).toBe(200)
  })

  it('from the addresses of its host, one or all, as they are asked for', async () => {
    found = [publicOne, { address: '2606:2800::1', family: 6 }]
    expect(await lookedUp()).toEqual([null, publicOne.address, 4])
    expect(await lookedUp({ all: true })).toEqual([null, found])
  })
})
