import { expect, it } from 'vitest'
import { isPublic } from './public-address.ts'

it.each([
  ['this machine', ['127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '0.1.2.3', '::']],
  ['a private network', ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd00::1']],
  ['the carrier’s network', ['100.64.0.1', '100.127.255.255']],
  ['the link, with a cloud’s metadata', ['169.254.169.254', 'fe80::1', 'febf::1']],
  ['the site, as it was once', ['fec0::1', 'feff::1']],
  ['this machine, written as IPv6', ['::ffff:127.0.0.1', '::127.0.0.1', '::ffff:0:127.0.0.1']],
  ['any IPv4 address, written as IPv6', ['::ffff:8.8.8.8', '::8.8.8.8']],
  [
    'a translator, which leads to any IPv4 address',
    ['64:ff9b::7f00:1', '64:ff9b:1::1', '64:ff9b:1:ffff::a00:1'],
  ],
  ['a tunnel, which leads to any IPv4 address', ['2002:7f00:1::', '2002:a00:1::1', '2001::1']],
  [
    'tests and examples',
    ['192.0.2.1', '198.51.100.1', '203.0.113.5', '198.18.0.1', '2001:db8::1', '3fff::1'],
  ],
  ['protocols', ['192.0.0.8', '192.88.99.1', '192.31.196.1', '2001:2::1', '2001:20::1', '5f00::1', '100::1']],
  ['many at once', ['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1']],
  ['nobody', ['240.0.0.1', '100:0:0:1::1', '4000::1', '8000::1', 'f000::1']],
  ['no address', ['', 'localhost', '1.2.3', '::g', 'fe80::1%eth0']],
])('is not public where it is of %s', (_whose, addresses) => {
  expect(addresses.filter(isPublic)).toEqual([])
})

it('is public where a server of the internet may have it', () => {
  const addresses = ['8.8.8.8', '93.184.215.14', '172.32.0.1', '2606:2800:21f::1', '2a00:1450:4001::200e']
  expect(addresses.filter((address) => !isPublic(address))).toEqual([])
})
