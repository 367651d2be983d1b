import type { Publisher, Router } from 'zeromq'
import { tslab } from './tslab.ts'

interface Server {
  bindSocket(socket: Publisher | Router, port: number): Promise<void>
}

/**
 * Makes every message of the kernel leave at once. tslab waits for none, and zeromq puts off each 513th of a socket and
 * refuses the next one meanwhile: where that is the one that ends a cell, Jupyter waits for ever.
 */
export function sendAtOnce(): void {
  const prototype = tslab.jupyter().ZmqServer.prototype as unknown as Server
  const { bindSocket } = prototype
  prototype.bindSocket = function (socket, port) {
    socket.sendTimeout = 0
    // A full queue would drop what a cell prints in a row.
    socket.sendHighWaterMark = 0
    return bindSocket.call(this, socket, port)
  }
}
