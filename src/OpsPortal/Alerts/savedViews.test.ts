import { beforeAll, expect, test } from 'vitest';

// The element's class needs a browser's base class to be read at all; what is tested here does not use it.
beforeAll(() => Object.assign(globalThis, { HTMLElement: class {} }));
const load = () => import('./savedViews');

test('a view of the same name is replaced, and views stand by name', async () => {
  const { addView } = await load();
  const views = addView([{ name: 'b', address: '/alerts' }, { name: 'a', address: '/alerts' }], { name: 'b', address: '/alerts?severity=critical' });

  expect(views).toEqual([{ name: 'a', address: '/alerts' }, { name: 'b', address: '/alerts?severity=critical' }]);
});

test.each([null, 'no json', '{}', '[{"name":"x","address":"https://elsewhere"}]', '[{"name":"x","address":"/alertsjavascript:"}]', '[{"name":"","address":"/alerts"}]', '[null]'])(
  'what was not kept by us is not shown: %s',
  async (text) => {
    const { readViews } = await load();
    expect(readViews(text)).toEqual([]);
  },
);

test('only columns there are can be hidden', async () => {
  const { readHidden } = await import('./columnChoice');
  expect(readHidden('raised nonsense why')).toEqual(['raised', 'why']);
});
