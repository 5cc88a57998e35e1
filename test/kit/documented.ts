import { readFileSync } from 'node:fs';

/** The blocks of code in docs/bi.md that are of a language, in order. */
export function documentedBlocks(language: string): string[] {
  const text = readFileSync(new URL('../../docs/bi.md', import.meta.url), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code!);
}
