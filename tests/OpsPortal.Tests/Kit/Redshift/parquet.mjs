// Writes and reads Parquet for the tests: no library of .NET's does. "write": columns as JSON in, a file out. "read": a file in, rows as JSON out.
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';

const pieces = [];
for await (const piece of process.stdin) {
  pieces.push(piece);
}

const input = Buffer.concat(pieces);
const as = { INT64: BigInt, DOUBLE: Number, BOOLEAN: (text) => text === 't' || text === 'true', STRING: String };
if (process.argv[2] === 'write') {
  const columns = JSON.parse(input.toString('utf8'));
  const columnData = columns.map(({ name, type, values }) => ({ name, type, nullable: true, data: values.map((value) => (value === null ? null : as[type](value))) }));
  process.stdout.write(Buffer.from(parquetWriteBuffer({ columnData })));
} else {
  const file = input.buffer.slice(input.byteOffset, input.byteOffset + input.byteLength);
  const rows = await parquetReadObjects({ file });
  process.stdout.write(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? value.toString() : value)));
}
