import { describeAsDesigned } from './as-designed.ts'

describeAsDesigned('p04', 'p05')
