import { sizeWords } from '../Extracts/words';
import { make, say } from '../Layout/dom';
import { send } from './calls';
import type { Estimate } from './wire';

/** Asks what a query would read, without running it. */
export async function estimate(sql: string, parameters: Record<string, unknown>): Promise<Estimate> {
  return (await send<Estimate>('POST', '/api/queries/estimate', { sql, parameters }))!;
}

/** Says what a query would read, with the plan behind it; null: nothing is said. */
export function showPlan(box: HTMLElement, told: Estimate | null, mayOverride: boolean): void {
  box.hidden = told === null;
  if (told === null) {
    return;
  }

  say(box.querySelector('.plan-words')!, planWords(told, mayOverride));
  box.querySelector('.plan-steps')!.replaceChildren(...told.plan.map((step) => make('li', '', step.replace(/^ +/, (blanks) => '\u00a0'.repeat(blanks.length)))));
}

/** The estimate as a few sentences. */
export function planWords(told: Estimate, mayOverride: boolean): string {
  const words = told.words.length === 0 ? 'The query reads no table.' : `The query ${told.words.join('; ')}.`;
  const over = told.over
    ? ` That is more than the ${told.limit!.toLocaleString('en')} rows that run unasked: ${mayOverride ? '“Run” will ask you once more.' : 'it will not run. Ask for less.'}`
    : '';
  // Loops in loops: more than the tables have.
  const bytes = told.bytes === null ? '' : ` and about ${sizeWords(told.bytes)} read`;
  const all = told.rows === null ? '' : ` In all about ${told.rows.toLocaleString('en', { maximumFractionDigits: 0 })} rows are gone through${bytes}.`;
  return `${words}${all}${told.unknown === null ? '' : ` ${told.unknown}`}${over}`;
}
