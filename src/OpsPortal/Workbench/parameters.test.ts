import { describe, expect, it } from 'vitest';
import { exampleValue, forApi, parametersOf } from './parameters';
import { fromFragment, toFragment } from './shareLink';
import { isBack, readTabs } from './tabStore';

describe('parameters', () => {
  it('are found outside of texts, names, comments and casts, each once', () => {
    expect(parametersOf("SELECT ':no', \":no\", a::text, :train, :from /* :no */ -- :no\n FROM t WHERE x = :train")).toEqual(['train', 'from']);
    expect(parametersOf("SELECT 'it''s :no' || :é")).toEqual(['é']);
  });

  it('go to the API with their types', () => {
    expect(forApi(['from', 'n', 'x', 'y'], { from: { type: 'time', value: '2026-11-21T20:00:00' }, n: { type: 'number', value: '5' }, x: { type: 'text', value: 'a' }, y: { type: 'null', value: '' } }))
      .toEqual({ from: { type: 'time', value: '2026-11-21T20:00:00Z' }, n: { type: 'number', value: '5' }, x: 'a', y: null });
  });

  it('begin with times counted from now', () => {
    const now = Date.parse('2026-11-21T20:00:00Z');
    expect(exampleValue('time', '-24h', now)).toBe('2026-11-20T20:00:00');
    expect(exampleValue('time', 'now', now)).toBe('2026-11-21T20:00:00');
  });
});

describe('links', () => {
  it('carry a query and its values, and nothing that is none', () => {
    const values = { train: { type: 'text' as const, value: '390-042 é' } };
    expect(fromFragment(toFragment('SELECT :train', values))).toEqual({ sql: 'SELECT :train', values });
    expect(fromFragment('#q=AAAA')).toBeNull();
    expect(fromFragment('#other')).toBeNull();
  });

  it('lead back into the portal only', () => {
    expect(['/alerts?train=1', '/trains/390-042'].every(isBack)).toBe(true);
    expect(['//evil.example', 'https://evil.example', 'javascript:alert(1)', '/sign-out', '/trains/..//evil'].some(isBack)).toBe(false);
  });
});

describe('tabs', () => {
  it('are there even when what was kept is spoilt', () => {
    expect(readTabs('{"tabs":[{"id":1}]}').tabs).toHaveLength(1);
    expect(readTabs('nonsense').tabs[0]!.sql).toBe('');
  });
});
