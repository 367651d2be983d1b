import { describe, expect, it } from 'vitest'
import { UserError } from '../../process/user-error.ts'
import { openAiModel } from './real-model.ts'

describe('an environment that does not say enough', () => {
  it.each([
    [{}, undefined, /no model is named.*--model.*OPENAI_MODEL/],
    [{}, 'gpt-x', /needs a key or an endpoint.*OPENAI_API_KEY.*OPENAI_BASE_URL/],
    [{ OPENAI_BASE_URL: 'localhost' }, 'gpt-x', /OPENAI_BASE_URL is not an http\(s\) URL/],
    [{ OPENAI_BASE_URL: 'file:///tmp' }, 'gpt-x', /OPENAI_BASE_URL is not an http\(s\) URL/],
    [{ OPENAI_BASE_URL: 'http://me:secret@127.0.0.1/v1' }, 'gpt-x', /^(?!.*secret).*without credentials/],
  ])('%j with %s', (env, model, message) => {
    const open = () => openAiModel({ env, model })
    expect(open).toThrow(UserError)
    expect(open).toThrow(message)
  })
})

describe('an environment that says enough', () => {
  it('is OpenAI with a key', () => {
    const { client, name, scripted } = openAiModel({
      env: { OPENAI_API_KEY: 'sk-x', OPENAI_MODEL: 'gpt-x' },
    })
    expect([client.baseURL, client.apiKey, name, scripted]).toEqual([
      'https://api.openai.com/v1',
      'sk-x',
      'gpt-x',
      false,
    ])
  })

  it('is another endpoint without one, and --model wins', () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_MODEL: 'other' }
    const { client, name } = openAiModel({ env, model: 'local' })
    expect([client.baseURL, name]).toEqual(['http://127.0.0.1:11434/v1', 'local'])
  })

  it('retries a bounded number of times, and logs nothing', () => {
    const { client } = openAiModel({ env: { OPENAI_API_KEY: 'sk-x', OPENAI_MODEL: 'gpt-x' } })
    expect([client.maxRetries, client.timeout, client.logLevel]).toEqual([2, 120_000, 'off'])
  })
})
