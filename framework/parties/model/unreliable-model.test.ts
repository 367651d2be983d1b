import { afterEach, expect, it } from 'vitest'
import { inFastTime } from '../../contract/testing/time.ts'
import {
  type Trouble,
  type UnreliableServer,
  unreliableServer,
} from '../../contract/testing/unreliable-server.ts'
import { openAiModel } from './real-model.ts'

let server: UnreliableServer
afterEach(() => server.close())

it.each<Trouble>(['hangs', 'sends headers and hangs', 'drips', 'answers without end', 'sends elsewhere'])(
  'a model whose server %s gives no answer, and gets one request',
  async (trouble) => {
    server = await unreliableServer(trouble)
    const { client } = openAiModel({
      model: 'm',
      env: { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'key' },
    })
    const ask = () =>
      client.chat.completions.create(
        { model: 'm', messages: [{ role: 'user', content: 'the key is 7' }] },
        { maxRetries: 0 },
      )
    await expect(inFastTime(ask, 150)).rejects.toThrow()
    expect(server.visits).toEqual(['/chat/completions'])
  },
)
