import type { ContentBlock } from '@modelcontextprotocol/server'

/** A PNG image of one pixel and a WAV file without a sample, base64. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='

export const text = (words: string): ContentBlock => ({ type: 'text', text: words })
export const image: ContentBlock = { type: 'image', data: png, mimeType: 'image/png' }
export const audio: ContentBlock = { type: 'audio', data: wav, mimeType: 'audio/wav' }
export const resource = (uri: string, mimeType: string, words: string): ContentBlock => ({
  type: 'resource',
  resource: { uri, mimeType, text: words },
})
