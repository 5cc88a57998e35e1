// A report that never ends, on a connection that cannot write, in a process of its own as BI tools are.
import Sqlite from 'better-sqlite3';

const file = new Sqlite(process.argv[2] ?? '', { readonly: true, fileMustExist: true });
const report = file.prepare(
  'select at_date_cn, type, count(*), count(distinct msg_id) from bi_events group by at_date_cn, type',
);
process.send?.('ready');
for (;;) report.all();
