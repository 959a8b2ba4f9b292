import { expect, test } from 'vitest';
import { readAddress, writeAddress } from './address';

test('what the page shows stands in the address and is read back from it', () => {
  const address = { centre: { latitude: 53.4774, longitude: -2.2309, zoom: 8.25 }, hidden: new Set(['stations', 'alerts'] as const), train: 'a&b c', tab: 'trains' as const };

  const query = writeAddress(address);

  expect(query).toBe('?at=53.4774,-2.2309,8.25&hide=stations,alerts&train=a%26b%20c&tab=trains');
  expect(readAddress(query)).toEqual(address);
});

test('nothing out of the ordinary is a bare address', () => {
  expect(writeAddress(readAddress(''))).toBe('');
});

test.each(['?at=here', '?at=99,0,5', '?at=1,2', '?hide=everything', '?train=', '?tab=x'])('%s counts as not given', (query) => {
  expect(writeAddress(readAddress(query))).toBe('');
});
