/** Lines of names and numbers, the numbers under one another. */
export function table(rows: readonly (readonly [name: string, count: number])[]): string {
  const numbers = rows.map(([, count]) => count.toLocaleString('en'));
  const nameWidth = Math.max(...rows.map(([name]) => name.length));
  const numberWidth = Math.max(...numbers.map((number) => number.length));
  return rows
    .map(([name], index) => `  ${name.padEnd(nameWidth)}  ${numbers[index]!.padStart(numberWidth)}`)
    .join('\n');
}
