import { countWords, fewWords, momentWords, sizeWords } from './words';

/** A merged download as the API gives it. */
export interface MergedJob {
  readonly id: string;
  readonly extractId: string;
  readonly format: 'ndjson' | 'csv';
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  readonly trains: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly sensors: readonly string[] | null;
  readonly files: number;
  readonly filesRead: number;
  readonly filesOutside: number;
  readonly rows: number;
  readonly rowsUnplaced: number;
  readonly bytes: number;
  readonly leftOutCount: number;
  readonly leftOut: readonly { readonly key: string; readonly reason: string }[];
  readonly trainsLeftOut: readonly string[];
  readonly waiting: string | null;
  readonly error: string | null;
  readonly checksum: { readonly value: string } | null;
  readonly fileName: string | null;
  readonly file: string | null;
  readonly keptUntil: string | null;
}

export function hasEnded(job: MergedJob): boolean {
  return job.state !== 'queued' && job.state !== 'running';
}

/** What it is of. */
export function titleWords(job: MergedJob): string {
  const sensors = job.sensors === null ? '' : ` · ${countWords(job.sensors.length, 'sensor')}`;
  return `${fewWords(job.trains)} · ${momentWords(job.from)} to ${momentWords(job.to)}${sensors} · ${job.format === 'csv' ? 'CSV' : 'NDJSON'}`;
}

/** How far it is. */
export function progressWords(job: MergedJob): string {
  const rows = `${countWords(job.rows, 'row')}, ${sizeWords(job.bytes)}`;
  const files = `${job.filesRead.toLocaleString('en')} of ${countWords(job.files, 'file')}`;
  switch (job.state) {
    case 'queued':
      return 'Waits for another of yours, or of others, to end.';
    case 'running':
      return job.files > 0 && job.filesRead === job.files ? `All files read · ${rows} · making the checksum` : `Reading: ${files} · ${rows}`;
    case 'succeeded':
      return `Ready: ${rows}${job.keptUntil === null ? '' : ` · kept until ${momentWords(job.keptUntil)}`}`;
    case 'cancelled':
      return 'Cancelled. What was written of it is removed.';
    case 'failed':
      return `Failed after ${files}.`;
  }
}

/** What is not in it, in sentences; empty when all is. */
export function missingWords(job: MergedJob): readonly string[] {
  return [
    ...(job.leftOutCount > 0 ? [`${countWords(job.leftOutCount, 'file')} left out${job.leftOutCount > job.leftOut.length ? `; the first ${job.leftOut.length.toLocaleString('en')} are named here` : ''}.`] : []),
    ...(job.filesOutside > 0 ? [`${countWords(job.filesOutside, 'file')} of the extract ${job.filesOutside === 1 ? 'is' : 'are'} outside what you may see now.`] : []),
    ...(job.trainsLeftOut.length > 0 ? [`${fewWords(job.trainsLeftOut)}: outside what you may see.`] : []),
    ...(job.rowsUnplaced > 0 ? [`${countWords(job.rowsUnplaced, 'message')} of these trains ${job.rowsUnplaced === 1 ? 'does' : 'do'} not say when ${job.rowsUnplaced === 1 ? 'it was' : 'they were'} measured and ${job.rowsUnplaced === 1 ? 'is' : 'are'} left out.`] : []),
  ];
}
