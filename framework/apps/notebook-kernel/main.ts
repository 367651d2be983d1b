import { runProcess } from '@lab/framework/command-line'
import { program } from './program.ts'

// JupyterLab asks back at Ctrl-C, and this program has to outlast it.
await runProcess(program(), { ctrlC: false })
