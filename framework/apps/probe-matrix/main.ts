import { runProcess } from '../../process/command-line.ts'
import { program } from './program.ts'

await runProcess(program())
