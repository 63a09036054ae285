// A preload (node --require) that resolves every name below .localhost to the IPv4 loopback
// address, as browsers do and as the resolver of many systems does not.

const dns = require('node:dns');

const LOOPBACK = { address: '127.0.0.1', family: 4 };
const lookupOfNode = dns.lookup;

dns.lookup = function lookup(hostname, options, callback) {
  if (!/\.localhost\.?$/i.test(hostname)) return lookupOfNode.apply(dns, arguments);
  const answer = callback ?? options;
  if (options.all) process.nextTick(answer, null, [LOOPBACK]);
  else process.nextTick(answer, null, LOOPBACK.address, LOOPBACK.family);
};
