import { formatDialect, redshift, sqlite } from 'sql-formatter';

/** A text laid out anew in its dialect; nothing but blanks, line ends and the keywords' case changes. Throws when it cannot be read. */
export function formatSql(sql: string, dialect: 'sqlite' | 'redshift'): string {
  return formatDialect(sql, {
    dialect: dialect === 'sqlite' ? sqlite : redshift,
    keywordCase: 'upper',
    tabWidth: 2,
    linesBetweenQueries: 1,
    paramTypes: { named: [':'], positional: false, numbered: [] },
  });
}
