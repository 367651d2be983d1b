import { describeAsDesigned } from './as-designed.ts'

describeAsDesigned('p01', 'p08')
