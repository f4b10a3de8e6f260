/** Discards everything: commands print only their result. */
import { loggerTo } from '../core/ports/logger.ts';

export const quietLogger = loggerTo(() => {});
