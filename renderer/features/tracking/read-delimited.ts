/** Rows of a CSV or TSV (RFC 4180: quoted fields, doubled quotes, breaks inside quotes), `rowsAtMost` of them. */
export function readDelimited(text: string, separator: string, rowsAtMost: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let at = 0; at < text.length && rows.length < rowsAtMost; at++) {
    const char = text.charAt(at);
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (text.charAt(at + 1) === '"') {
        field += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && field === '') isQuoted = true;
    else if (char === separator) {
      row.push(field);
      field = '';
    } else if (char === '\n') {
      row.push(field.endsWith('\r') ? field.slice(0, -1) : field);
      rows.push(row);
      row = [];
      field = '';
    } else field += char;
  }
  if (rows.length < rowsAtMost && (field !== '' || row.length > 0)) rows.push([...row, field]);
  return rows;
}
