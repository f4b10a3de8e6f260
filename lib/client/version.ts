/** The version of this program, for the surfaces, which import no adapters. */
export { version } from '../adapters/version.ts';
