// The program that Jupyter starts: node main.mjs <connection file>. It is JavaScript, and of the plainest, so that
// any Node can run it and say what is wrong; everything else is TypeScript.

function giveUp(why) {
  console.error(`error: ${why}`)
  process.exit(2)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 20)) {
  giveUp(
    `this kernel needs Node 20.20 or newer and was started with ${process.versions.node}; ` +
      'put a newer one on your PATH and register it: pnpm run notebooks:kernel',
  )
}

// Only the ESM loader: tsx's require() would make a second copy of every module that cells import.
const { register } = await import('tsx/esm/api').catch(() =>
  giveUp(
    'the packages are not installed; run npx -y pnpm@10 install in the project, then restart the kernel',
  ),
)
register()
const { startKernel } = await import('./start-kernel.ts')
await startKernel(process.argv[2])
