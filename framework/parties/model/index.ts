export type { Model } from './model.ts'
export { noKey, openAiModel } from './real-model.ts'
export { scriptedFetch, scriptedModel } from './scripted-model.ts'
