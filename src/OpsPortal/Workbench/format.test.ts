import { expect, test } from 'vitest';
import { formatSql } from './format';

test.each(['sqlite', 'redshift'] as const)('a text is laid out with its parameters, comments and texts as they are: %s', (dialect) => {
  const formatted = formatSql("select train,max(max_value) as hottest from readings_minute where minute>=:from and sensor like 'axle  box%' -- why\ngroup by train", dialect);

  expect(formatted).toContain('SELECT\n');
  expect(formatted).toContain(':from');
  expect(formatted).toContain("'axle  box%'");
  expect(formatted).toContain('-- why');
  expect(formatted).toContain('GROUP BY');
  expect(formatSql(formatted, dialect)).toBe(formatted);
});

test('a cast of Redshift stays one', () => {
  expect(formatSql("select raised_at::date as day, '5'::int from alerts", 'redshift').replaceAll(/\s+/g, ' ')).toContain('raised_at::date AS day');
});

test('what cannot be read is not touched but thrown', () => {
  expect(() => formatSql("select 'open", 'sqlite')).toThrow();
});
