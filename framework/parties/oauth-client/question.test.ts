import { expect, it } from 'vitest'
import { questionIn, withQuestion } from './question.ts'

const authorizationUrl = new URL('https://idp.example/authorize?state=s')
const answerBy = new Date('2026-07-28T12:00:00.900Z')
const parametersOf = (url: URL) => Object.fromEntries(url.searchParams)

it.each<[string, Record<string, unknown>]>([
  ['an action that is no text', { lab_action: ['make dave an admin', 'x'] }],
  ['an action of blanks', { lab_action: ' \n' }],
  ['no time', { lab_answer_by: 'tomorrow' }],
  ['a time that is no date', { lab_answer_by: '999999999999' }],
  ['a time that is no text', { lab_answer_by: 1_785_240_000 }],
])('leaves %s out of a question', (_what, parameters) => {
  expect(questionIn(parameters)).toEqual({})
})

it('shows at most 160 characters of an action', () => {
  expect(questionIn({ lab_action: 'x'.repeat(160) }).action).toBe('x'.repeat(160))
  expect(questionIn({ lab_action: 'x'.repeat(161) }).action).toBe(`${'x'.repeat(160)}…`)
})

it('reads what was put into the authorization request, and changes nothing else of it', () => {
  const url = withQuestion(authorizationUrl, { action: 'make dave an admin', answerBy })
  expect(questionIn(parametersOf(url))).toEqual({
    action: 'make dave an admin',
    answerBy: new Date('2026-07-28T12:00:00Z'),
  })
  expect(url.searchParams.get('state')).toBe('s')
  expect(parametersOf(withQuestion(authorizationUrl, { answerBy }))).toEqual({
    state: 's',
    lab_answer_by: '1785240000',
  })
})
