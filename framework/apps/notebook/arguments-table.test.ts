import { afterAll, describe, expect, it } from 'vitest'
import { argumentsTable } from './arguments-table.ts'
import { openLesson } from './lesson.ts'

const opened = ['p03', 'p04']
afterAll(async () => {
  for (const name of opened) await (await openLesson(name)).runner.stop()
})

describe('the arguments of a tool', () => {
  it.each([
    ['p03', /^list_expenses +owner, api_key +owner, api_key$/m],
    ['p04', /^list_expenses +owner, api_key +owner$/m],
  ])('are those that the server declares, and those that the model is shown: %s', async (name, row) => {
    const lesson = await openLesson(name)
    const { 'text/plain': text } = argumentsTable(await lesson.ask('alice', 'What are my expenses?'))
    expect(text).toMatch(row)
  })
})
