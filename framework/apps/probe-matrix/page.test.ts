import { expect, it } from 'vitest'
import { staleMatrix } from './page.ts'

it('docs/probe-matrix.md shows what is declared, which every run of the servers is compared with', () => {
  expect(staleMatrix()).toEqual([])
})
