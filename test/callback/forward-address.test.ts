import { describe, expect, it } from 'vitest';
import { createAddressRule } from '../../src/callback/forward-address.ts';

describe('without anything allowed', () => {
  const isAllowed = createAddressRule([]);

  it.each(['1.1.1.1', '119.29.29.29', '172.32.0.1', '2400:da00::dbf:0:100', '2606:4700:4700::1111'])(
    'takes the public address %s',
    (address) => {
      expect(isAllowed('shop.example', address)).toBe(true);
    },
  );

  it.each([
    ['this host', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.0.1'],
    ['shared by a carrier', '100.64.0.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local, where clouds keep their secrets', '169.254.169.254'],
    ['for protocols', '192.0.0.1'],
    ['for documentation', '192.0.2.1'],
    ['for documentation', '198.51.100.1'],
    ['for documentation', '203.0.113.1'],
    ['for benchmarks', '198.18.0.1'],
    ['a relay of 6to4', '192.88.99.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['unique local', 'fc00::1'],
    ['unique local', 'fd12:3456::1'],
    ['multicast', 'ff02::1'],
    ['mapped', '::ffff:127.0.0.1'],
    ['mapped', '::ffff:10.0.0.1'],
    ['mapped, though public inside', '::ffff:1.1.1.1'],
    ['compatible with IPv4', '::127.0.0.1'],
    ['translated', '::ffff:0:127.0.0.1'],
    ['NAT64', '64:ff9b::a00:1'],
    ['NAT64 of a network', '64:ff9b:1::a00:1'],
    ['Teredo', '2001:0:53aa:64c::1'],
    ['6to4', '2002:7f00:1::1'],
    ['for benchmarks', '2001:2::1'],
    ['ORCHID', '2001:20::1'],
    ['for documentation', '2001:db8::1'],
    ['for documentation', '3fff::1'],
    ['discarded', '100::1'],
    ['not given out', '4000::1'],
    ['no address', 'localhost'],
    ['no address', ''],
  ])('refuses an address that is %s: %s', (_, address) => {
    expect(isAllowed('shop.example', address)).toBe(false);
  });
});

it('takes what is allowed by its network, and nothing beside it', () => {
  const isAllowed = createAddressRule(['10.1.0.0/16', 'fd00::/8', '192.168.7.8', '::1']);
  const addresses = ['10.1.2.3', '10.2.0.1', 'fd00::1', 'fc00::1', '192.168.7.8', '192.168.7.9', '::1'];
  expect(addresses.filter((address) => isAllowed('crm', address))).toEqual([
    '10.1.2.3',
    'fd00::1',
    '192.168.7.8',
    '::1',
  ]);
  expect(isAllowed('crm', '::ffff:10.1.2.3')).toBe(false);
});

it('takes any address of a host that is allowed by its name', () => {
  const isAllowed = createAddressRule(['crm.internal', 'Shop.Example.']);
  for (const host of ['crm.internal', 'CRM.internal', 'crm.internal.', 'shop.example'])
    expect(isAllowed(host, '10.0.0.1')).toBe(true);
  for (const host of ['x.crm.internal', 'internal', 'crm.internal.evil.example'])
    expect(isAllowed(host, '10.0.0.1')).toBe(false);
});
