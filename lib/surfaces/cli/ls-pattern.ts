/** Which text the pattern of `ls` may be, for its help and for a pattern that matches nothing. */
export const PATTERN = 'part of a uid, runner, user, schedule, description or tag';
