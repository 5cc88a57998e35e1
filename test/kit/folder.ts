import { existsSync, mkdtempSync, type StatsFs, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In memory where there is room: every commit waits for the disk, and no test pulls the plug. A container often gives it 64 MB only. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 30;
const hasRoom = ({ bavail, bsize }: StatsFs) => bavail * bsize > ROOM_BYTES;
const place = existsSync(MEMORY) && hasRoom(statfsSync(MEMORY)) ? MEMORY : tmpdir();

/** A new folder, for a database. */
export const createFolder = (): string => mkdtempSync(join(place, 'qunfa-test-'));
