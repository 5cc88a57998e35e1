// The real gateway as a child, which tells how much memory it has taken at most.
import '../src/main.ts';

process.on('message', () => process.send?.(process.resourceUsage().maxRSS / 1024));
