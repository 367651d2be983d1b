import { describeAsDesigned } from './as-designed.ts'

describeAsDesigned('p03', 'p06')
