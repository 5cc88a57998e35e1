import type { Happenings } from '../src/sandbox/moments.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';

/** Calls back with every such happening, at once: the sandbox goes on when the callback has returned. */
export function onEvery<Name extends keyof Happenings>(
  sandbox: Sandbox,
  name: Name,
  callback: (happening: Happenings[Name]) => void,
): void {
  // A predicate that takes nothing sees everything.
  void sandbox.waitFor(name, (happening) => {
    callback(happening);
    return false;
  });
}
