import { describeAsDeclared } from './testing/as-declared.ts'

await describeAsDeclared(2)
