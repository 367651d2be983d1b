import type { Language } from '../language.ts'
import { go } from './go.ts'
import { java } from './java.ts'
import { python } from './python.ts'
import { typescript } from './typescript.ts'

/** In the order of the page. */
export const languages: readonly Language[] = [python, go, java, typescript]
