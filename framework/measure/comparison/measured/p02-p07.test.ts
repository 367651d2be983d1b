import { describeAsDesigned } from './as-designed.ts'

describeAsDesigned('p02', 'p07')
