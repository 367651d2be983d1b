import { declaredNames, loadDeclaration } from '../declarations/load-declarations.ts'
import { testPattern } from './testing/test-pattern.ts'

for (const name of await declaredNames()) testPattern(name, await loadDeclaration(name))
